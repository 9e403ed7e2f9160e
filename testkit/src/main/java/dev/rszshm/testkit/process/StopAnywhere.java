package dev.rszshm.testkit.process;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Stops a process at each step of an operation, with a real SIGSTOP, and has others do theirs
 * meanwhile: a step is a store to a heap or a system call with an effect. Nobody may wait for a
 * process that stands still, and what it does when it goes on must harm nobody.
 *
 * <pre>{@code
 * public static final class Adding implements WorkerJob {
 *   @Override
 *   public void run(WorkerContext worker) throws Exception {
 *     Path path = Path.of(worker.argument(0));
 *     try (Heap heap = Heap.builder().platform(worker.platform()).attach(path)) {
 *       worker.repeat(() -> heap.getAndAddLong(heap.dataOffset(), 1));
 *     }
 *   }
 * }
 *
 * StopAnywhere.of(WorkerJvm.of(Adding.class), heap.path())
 *     .run(() -> heap.getAndAddLong(heap.dataOffset(), 1));
 * }</pre>
 *
 * <p>One JVM repeats the operation, and is stopped after 0 steps, then after 1, and so on, until
 * the operation ends before it is stopped. Each time the others have a limit for theirs; then the
 * process is continued and must end its own.
 *
 * <p>Immutable: each setting gives another one.
 */
public final class StopAnywhere {
  /** An action of the test. */
  public interface Action {
    /** Does it, and throws if something is not as it should be. */
    void run() throws Exception;
  }

  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final WorkerJvm jvm;
  private final List<Object> arguments;
  private final Duration limit;
  private final int stride;
  private final Action before;
  private final Action after;

  private StopAnywhere(
      WorkerJvm jvm,
      List<Object> arguments,
      Duration limit,
      int stride,
      Action before,
      Action after) {
    this.jvm = jvm;
    this.arguments = arguments;
    this.limit = limit;
    this.stride = stride;
    this.before = before;
    this.after = after;
  }

  /**
   * Stops workers of a kind.
   *
   * @param jvm starts JVMs whose job uses heaps on {@link WorkerContext#platform} and gives its
   *     operation to {@link WorkerContext#repeat}
   * @param arguments what the job gets
   */
  public static StopAnywhere of(WorkerJvm jvm, Object... arguments) {
    return new StopAnywhere(jvm, List.of(arguments), LIMIT, 1, () -> {}, () -> {});
  }

  /** How long the others may take while a process stands; two minutes unless told otherwise. */
  public StopAnywhere within(Duration time) {
    return new StopAnywhere(jvm, arguments, time, stride, before, after);
  }

  /** Stops at every so many steps only: at each, unless told otherwise. */
  public StopAnywhere every(int steps) {
    if (steps < 1) {
      throw new IllegalArgumentException("at least every step is meant by 1, found " + steps);
    }
    return new StopAnywhere(jvm, arguments, limit, steps, before, after);
  }

  /** What the test does before each operation. */
  public StopAnywhere before(Action action) {
    return new StopAnywhere(jvm, arguments, limit, stride, action, after);
  }

  /** What the test looks at when all have ended, each time. */
  public StopAnywhere after(Action action) {
    return new StopAnywhere(jvm, arguments, limit, stride, before, action);
  }

  /**
   * Runs all of it.
   *
   * @param others what others do while the process stands; on a thread of its own, the same one
   *     each time
   * @return at how many steps the process was stopped
   * @throws AssertionError if the others do not end in time, or fail, or the test fails afterwards;
   *     it names the step
   * @throws WorkerError if the worker does not end its operation
   */
  public int run(Action others) throws Exception {
    try (WorkerProcess worker = jvm.start(arguments.toArray());
        OthersThread thread = new OthersThread()) {
      worker.expect(WorkerContext.DONE);
      for (int points = 0; ; points++) {
        if (!stopAt((long) points * stride, worker, thread, others)) {
          worker.sayNoMore();
          worker.awaitSuccess();
          return points;
        }
      }
    }
  }

  /** Returns whether the operation has so many steps. */
  private boolean stopAt(long step, WorkerProcess worker, OthersThread thread, Action others)
      throws Exception {
    before.run();
    worker.stopAfter(step);
    worker.say("go");
    Optional<String> place = worker.awaitStop();
    String where = place.map(p -> " while a process stands before " + p).orElse("");
    FutureTask<Void> done = thread.start(others);
    try {
      done.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      Throwable stack = new Throwable("where the others were");
      stack.setStackTrace(thread.stack());
      throw new AssertionError(
          "the others do not end in " + limit + where + ", after " + step + " steps", stack);
    } catch (ExecutionException e) {
      throw new AssertionError(
          "the others fail" + where + ", after " + step + " steps: " + e.getCause(), e.getCause());
    } finally {
      if (place.isPresent()) {
        worker.goOn();
      }
    }
    if (place.isPresent()) {
      worker.expect(WorkerContext.DONE);
    } else {
      worker.stopNever();
    }
    try {
      after.run();
    } catch (AssertionError e) {
      throw new AssertionError(
          "not as it should be after a stop of " + step + " steps" + where + ": " + e, e);
    }
    return place.isPresent();
  }
}
