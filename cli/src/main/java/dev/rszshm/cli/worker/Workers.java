package dev.rszshm.cli.worker;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The worker processes of one command.
 *
 * <p>One thread works with them, and one more may call {@link #endAll} at any time: from then on
 * nothing is started, and the first one's calls do not return. That thread is about to be ended
 * together with the JVM, and should not mistake the killed for the dead.
 */
public final class Workers {
  /** Where a user says options for every JVM. */
  private static final List<String> OPTIONS_OF_ALL =
      List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  /** JVM flags of the workers, one a line, from the launcher. */
  private static final String FLAGS_PROPERTY = "rszshm.worker.flags";

  private static final int NATIVE_ACCESS_SINCE = 24;

  private final WorkerCommand launched;
  private final List<WorkerProcess> all = new ArrayList<>();
  private boolean ending;

  /** None yet; they are started by this command. */
  public Workers(WorkerCommand launched) {
    this.launched = launched;
  }

  /** Starts one worker for each letter, and waits until all are ready. */
  public List<WorkerProcess> start(String letters) {
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
  public List<WorkerResult> run(List<WorkerProcess> workers, String order) {
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
    command.addAll(launched.flags());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(launched.mainClass());
    command.addAll(launched.words().apply(letter));
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
  public void endAll() {
    synchronized (this) {
      ending = true;
    }
    killAll();
  }

  /** Kills whoever still runs, and waits until they have gone. */
  public void killAll() {
    List<WorkerProcess> running = snapshot();
    running.forEach(WorkerProcess::kill);
    running.forEach(WorkerProcess::awaitEnd);
  }

  /** Waits until those who have answered have gone. */
  public void awaitAll() {
    snapshot().forEach(WorkerProcess::awaitEnd);
    parkIfEnding();
  }

  private synchronized List<WorkerProcess> snapshot() {
    return List.copyOf(all);
  }

  /** Does not return once the end has begun. */
  public void parkIfEnding() {
    while (isEnding()) {
      LockSupport.park(this);
    }
  }

  private synchronized boolean isEnding() {
    return ending;
  }
}
