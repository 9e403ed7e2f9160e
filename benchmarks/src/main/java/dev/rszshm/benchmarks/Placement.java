package dev.rszshm.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The cores on which members run. To wake a thread of another core that sleeps takes many times as
 * long as to switch to one of the own core, and where a scheduler puts two members is a matter of
 * luck: it has to be said, for all sides.
 */
enum Placement {
  /** Where the scheduler likes. */
  FREE("") {
    @Override
    int processor(List<Integer> allowed, int member) {
      return ANY;
    }
  },

  /** All on the first core. */
  TOGETHER("one core") {
    @Override
    int processor(List<Integer> allowed, int member) {
      return allowed.get(0);
    }
  },

  /** Each on a core of its own, as far as there are some. */
  APART("two cores") {
    @Override
    int processor(List<Integer> allowed, int member) {
      return allowed.get(member % allowed.size());
    }
  };

  private static final int ANY = -1;
  private static final String ALLOWED = "Cpus_allowed_list:";

  final String label;

  Placement(String label) {
    this.label = label;
  }

  abstract int processor(List<Integer> allowed, int member);

  /** The word for a program that serves laps as laps.h does. */
  String word(int member) throws IOException {
    return Integer.toString(processor(allowed(), member));
  }

  /** Puts all threads of a process where a member belongs. */
  void place(long pid, int member) throws IOException, InterruptedException {
    place(List.of("taskset", "-a", "-c", "-p"), Long.toString(pid), member);
  }

  /** Puts the current thread where a member belongs. */
  void placeCurrentThread(int member) throws IOException, InterruptedException {
    Path thread = Files.readSymbolicLink(Path.of("/proc/thread-self")); // PID/task/TID
    place(List.of("taskset", "-c", "-p"), thread.getFileName().toString(), member);
  }

  private void place(List<String> taskset, String id, int member)
      throws IOException, InterruptedException {
    int processor = processor(allowed(), member);
    if (processor == ANY) {
      return;
    }
    List<String> command = new ArrayList<>(taskset);
    command.addAll(List.of(Integer.toString(processor), id));
    int status =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
    if (status != 0) {
      throw new IllegalStateException("status " + status + " of " + String.join(" ", command));
    }
  }

  /** The processors that this process may use. */
  private static List<Integer> allowed() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith(ALLOWED)) {
        return parse(line.substring(ALLOWED.length()).strip());
      }
    }
    throw new IllegalStateException("/proc/self/status does not say " + ALLOWED);
  }

  /** Reads a list as the kernel writes it: {@code 0-3,8}. */
  static List<Integer> parse(String text) {
    List<Integer> processors = new ArrayList<>();
    for (String range : text.split(",")) {
      String[] ends = range.split("-");
      int last = Integer.parseInt(ends[ends.length - 1]);
      for (int i = Integer.parseInt(ends[0]); i <= last; i++) {
        processors.add(i);
      }
    }
    return processors;
  }
}
