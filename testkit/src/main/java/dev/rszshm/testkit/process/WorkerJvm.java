package dev.rszshm.testkit.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts JVMs that do a job beside the test, with the test's class path.
 *
 * <pre>{@code
 * public static final class Incrementer implements WorkerJob {
 *   @Override
 *   public void run(WorkerContext worker) throws Exception {
 *     try (Heap heap = Heap.attach(Path.of(worker.argument(0)))) {
 *       worker.say("ready");
 *       worker.hear();
 *       heap.getAndAddLong(heap.dataOffset(), 1);
 *     }
 *   }
 * }
 *
 * try (WorkerProcess worker = WorkerJvm.of(Incrementer.class).start(path.toString())) {
 *   worker.expect("ready");
 *   worker.say("go");
 *   worker.awaitSuccess();
 * }
 * }</pre>
 *
 * <p>Immutable: each setting gives another one. Starting returns at once, so several JVMs start up
 * at the same time.
 */
public final class WorkerJvm {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final Duration LIFETIME = Duration.ofMinutes(30);
  static final List<String> SHORT_LIVED =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Xmx128m",
          // Without compiling a stub for each native function the first call comes sooner.
          "-Djnr.ffi.asm.enabled=false");

  private final Class<? extends WorkerJob> job;
  private final Jdk jdk;
  private final List<String> flags;
  private final boolean sharing;
  private final Duration limit;

  private WorkerJvm(
      Class<? extends WorkerJob> job,
      Jdk jdk,
      List<String> flags,
      boolean sharing,
      Duration limit) {
    this.job = job;
    this.jdk = jdk;
    this.flags = flags;
    this.sharing = sharing;
    this.limit = limit;
  }

  /**
   * A small JVM of the test's own JDK that starts fast: the first one that is started takes a
   * second to make what all share.
   */
  public static WorkerJvm of(Class<? extends WorkerJob> job) {
    return new WorkerJvm(job, Jdk.current(), SHORT_LIVED, true, LIMIT);
  }

  /** Another JDK. */
  public WorkerJvm on(Jdk other) {
    return new WorkerJvm(job, other, flags, false, limit);
  }

  /** More JVM flags. */
  public WorkerJvm with(String... more) {
    List<String> all = new ArrayList<>(flags);
    all.addAll(List.of(more));
    return new WorkerJvm(job, jdk, all, sharing, limit);
  }

  /** These JVM flags only: the JVM's own defaults otherwise. */
  public WorkerJvm withOnly(List<String> others) {
    return new WorkerJvm(job, jdk, List.copyOf(others), false, limit);
  }

  /** How long each wait for the worker may last; three minutes by default. */
  public WorkerJvm limit(Duration time) {
    return new WorkerJvm(job, jdk, flags, sharing, time);
  }

  /**
   * Starts a JVM, and does not wait for it.
   *
   * @param arguments what the job gets, as text: each one line
   */
  public WorkerProcess start(Object... arguments) {
    WorkerProcess worker = launch(WorkerMain.AT_ONCE);
    worker.begin(arguments);
    return worker;
  }

  /** Starts a JVM that waits for its arguments. */
  WorkerProcess startAhead() {
    return launch(WorkerMain.AHEAD);
  }

  private WorkerProcess launch(String when) {
    List<String> command = new ArrayList<>(command());
    command.add(WorkerMain.class.getName());
    command.add(Long.toString(LIFETIME.toMillis()));
    command.add(job.getName());
    command.add(when);
    return WorkerProcess.start(limit, command);
  }

  /**
   * Returns a command line, to be added to, that runs a main class in a small JVM of the test's own
   * JDK that starts fast: for a program that is no job, and may outlive its test.
   *
   * @param flags more JVM flags
   */
  public static List<String> commandOf(Class<?> main, String... flags) {
    List<String> command = new ArrayList<>(of(WorkerJob.class).with(flags).command());
    command.add(main.getName());
    return command;
  }

  private List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(jdk.java().toString());
    command.addAll(jdk.nativeAccess());
    command.add("-Xshare:auto");
    // The standard output is for the protocol.
    command.addAll(List.of("-Xlog:disable", "-Xlog:all=warning:stderr"));
    // A JVM that crashes says why where the failure is shown.
    command.add("-XX:+ErrorFileToStderr");
    // A JVM that is killed would leave its file of counters behind.
    command.add("-XX:-UsePerfData");
    command.addAll(flags);
    if (sharing) {
      command.addAll(SharedStart.own().flags());
    }
    command.add("-cp");
    command.add(sharing ? SharedStart.own().classPath() : System.getProperty("java.class.path"));
    return command;
  }
}
