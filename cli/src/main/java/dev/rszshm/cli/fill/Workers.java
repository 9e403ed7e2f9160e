package dev.rszshm.cli.fill;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The worker processes of one fill.
 *
 * <p>One thread works with them, and one more may call {@link #endAll} at any time: from then on
 * nothing is started, and the first one's calls do not return. That thread is about to be ended
 * together with the JVM, and should not mistake the killed for the dead.
 */
final class Workers {
  /** Where a user says options for every JVM. */
  private static final List<String> OPTIONS_OF_ALL =
      List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  /** Names another main class of the workers; for tests. */
  private static final String MAIN_PROPERTY = "rszshm.fill.worker";

  /** JVM flags of the workers, one a line, from the launcher. */
  private static final String FLAGS_PROPERTY = "rszshm.worker.flags";

  /** Lets jnr-ffi generate code for system calls: slower to start, faster for a million calls. */
  private static final String FAST_CALLS = "-Djnr.ffi.asm.enabled=true";

  private static final int NATIVE_ACCESS_SINCE = 24;

  private final FillTask task;
  private final Path heap;
  private final List<WorkerProcess> all = new ArrayList<>();
  private boolean ending;

  Workers(FillTask task, Path heap) {
    this.task = task;
    this.heap = heap;
  }

  /** Starts one worker for each letter, and waits until all are ready. */
  List<WorkerProcess> start(String letters) {
    List<WorkerProcess> started = new ArrayList<>();
    for (int i = 0; i < letters.length(); i++) {
      started.add(start(letters.charAt(i)));
    }
    for (WorkerProcess worker : started) {
      try {
        worker.awaitReady();
      } finally {
        parkIfEnding();
      }
    }
    return started;
  }

  private WorkerProcess start(char letter) {
    synchronized (this) {
      if (!ending) {
        WorkerProcess worker = WorkerProcess.start(letter, command(letter));
        all.add(worker);
        return worker;
      }
    }
    parkIfEnding();
    throw new IllegalStateException("no worker is started any more");
  }

  /** Gives all the same order, and waits for their results. */
  List<WorkerResult> run(List<WorkerProcess> workers, String order) {
    for (WorkerProcess worker : workers) {
      worker.order(order);
    }
    List<WorkerResult> results = new ArrayList<>();
    for (WorkerProcess worker : workers) {
      results.add(worker.awaitResult());
      parkIfEnding();
    }
    return results;
  }

  private List<String> command(char letter) {
    List<String> command = new ArrayList<>();
    // A key that interrupts the parent goes to its workers too. They leave the answer to it.
    command.add("/bin/sh");
    command.add("-c");
    command.add("trap '' INT HUP; exec \"$@\"");
    command.add("rszshm");
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags());
    if (task.options().busy) {
      command.add(FAST_CALLS);
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(System.getProperty(MAIN_PROPERTY, FillWorker.class.getName()));
    command.addAll(task.arguments(letter, heap).format());
    return command;
  }

  private static List<String> flags() {
    String given = System.getProperty(FLAGS_PROPERTY);
    if (given != null) {
      return given.lines().toList();
    }
    List<String> flags = new ArrayList<>(List.of("-XX:-UsePerfData"));
    if (OPTIONS_OF_ALL.stream().map(System::getenv).noneMatch(Workers::choosesCollector)) {
      flags.add("-XX:+UseSerialGC");
    }
    if (Runtime.version().feature() >= NATIVE_ACCESS_SINCE) {
      flags.add("--enable-native-access=ALL-UNNAMED");
    }
    return flags;
  }

  /** Two collectors in one command line exclude each other, and the user's goes first. */
  private static boolean choosesCollector(@Nullable String options) {
    return options != null && options.matches("(?s).*-XX:\\+Use\\w*GC.*");
  }

  /** Lets nobody start any more, kills whoever still runs, and waits until they have gone. */
  void endAll() {
    synchronized (this) {
      ending = true;
    }
    killAll();
  }

  /** Kills whoever still runs, and waits until they have gone. */
  void killAll() {
    List<WorkerProcess> running = snapshot();
    running.forEach(WorkerProcess::kill);
    running.forEach(WorkerProcess::awaitEnd);
  }

  /** Waits until those who have answered have gone. */
  void awaitAll() {
    snapshot().forEach(WorkerProcess::awaitEnd);
    parkIfEnding();
  }

  private synchronized List<WorkerProcess> snapshot() {
    return List.copyOf(all);
  }

  /** Does not return once the end has begun. */
  void parkIfEnding() {
    while (isEnding()) {
      LockSupport.park(this);
    }
  }

  private synchronized boolean isEnding() {
    return ending;
  }
}
