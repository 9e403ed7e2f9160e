package dev.rszshm.cli.worker;

import dev.rszshm.structures.worker.WorkerSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * The worker processes of one command.
 *
 * <p>One thread works with them, and one more may call {@link #endAll} at any time: from then on
 * nothing is started, and the first one's calls do not return. That thread is about to be ended
 * together with the JVM, and should not mistake the killed for the dead.
 */
public final class Workers {
  /** JVM flags of the workers, one a line, from the launcher, which has archives of its own. */
  private static final String FLAGS_PROPERTY = "rszshm.worker.flags";

  private final WorkerSpec spec;
  private final Function<Character, List<String>> words;
  private final List<StartedWorker> all = new ArrayList<>();
  private boolean ending;

  private Workers(WorkerSpec spec, Function<Character, List<String>> words) {
    this.spec = spec;
    this.words = words;
  }

  /**
   * None yet.
   *
   * @param className a {@link CommandWorker}
   * @param flags JVM flags, besides those that all workers get
   * @param words the arguments of the worker with a letter
   */
  public static Workers of(
      String className, List<String> flags, Function<Character, List<String>> words) {
    WorkerSpec spec = withGivenFlags(WorkerSpec.ofBody(className));
    return new Workers(spec.withJvmFlags(flags.toArray(String[]::new)), words);
  }

  /** Adds what the launcher says. */
  public static WorkerSpec withGivenFlags(WorkerSpec spec) {
    String given = System.getProperty(FLAGS_PROPERTY);
    return given == null
        ? spec
        : spec.withoutStartCache().withJvmFlags(given.lines().toArray(String[]::new));
  }

  /** Starts one worker for each letter, and waits until all are ready, or were killed. */
  public List<StartedWorker> start(String letters, String order) {
    List<StartedWorker> started = new ArrayList<>();
    for (int i = 0; i < letters.length(); i++) {
      started.add(start(letters.charAt(i), order));
    }
    for (StartedWorker worker : started) {
      try {
        worker.awaitReady();
      } finally {
        parkIfEnding();
      }
    }
    return started;
  }

  private StartedWorker start(char letter, String order) {
    List<String> arguments = new ArrayList<>();
    arguments.add(order);
    arguments.addAll(words.apply(letter));
    synchronized (this) {
      if (!ending) {
        StartedWorker worker = StartedWorker.start(letter, spec.withArguments(arguments));
        all.add(worker);
        return worker;
      }
    }
    parkIfEnding();
    throw new IllegalStateException("no worker is started any more");
  }

  /** Lets all begin, and waits for their results. */
  public List<WorkerResult> run(List<StartedWorker> workers) {
    for (StartedWorker worker : workers) {
      worker.begin();
    }
    List<WorkerResult> results = new ArrayList<>();
    for (StartedWorker worker : workers) {
      results.add(worker.awaitResult());
      parkIfEnding();
    }
    return results;
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
    List<StartedWorker> running = snapshot();
    running.forEach(StartedWorker::kill);
    running.forEach(StartedWorker::awaitEnd);
  }

  /** Waits until those who have answered have gone. */
  public void awaitAll() {
    snapshot().forEach(StartedWorker::awaitEnd);
    parkIfEnding();
  }

  private synchronized List<StartedWorker> snapshot() {
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
