package dev.rszshm.structures.pool;

import dev.rszshm.structures.internal.pool.PoolLayout;
import dev.rszshm.structures.worker.WorkerSpec;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * How a pool is made, and its workers. All processes that make it name the same queue; the rest is
 * for the one that starts the workers.
 *
 * <pre>{@code
 * PoolSpec.ofWorkers(4)
 *     .withThreads(2)
 *     .withWorker(worker -> worker.withMaximumHeap(256L << 20))
 * }</pre>
 */
public final class PoolSpec {
  /** The length of the queue unless another is named. */
  public static final int DEFAULT_QUEUE_LENGTH = 1024;

  /** How many workers may die of a task unless another number is named. */
  public static final int DEFAULT_DEATHS = 3;

  /** Bytes that each worker may need at first unless others are named. */
  public static final long DEFAULT_TASK_MEMORY = 1 << 20;

  private static final int LEAST_RUNS = 64;
  private static final int MAX_WORKERS = 1000;

  private final int workers;
  private final int threads;
  private final int queueLength;
  private final int deaths;
  private final long taskMemory;
  private final Crew crew;

  /** What concerns the workers alone, and the process that starts them. */
  private record Crew(
      Optional<Duration> outliving,
      UnaryOperator<WorkerSpec> worker,
      Optional<WorkerListener> listener,
      String preparation,
      boolean tolerant) {}

  private PoolSpec(
      int workers, int threads, int queueLength, int deaths, long taskMemory, Crew crew) {
    require("number of workers", workers, 1, MAX_WORKERS);
    require("number of threads", threads, 1, PoolLayout.MAX_RUNS / workers);
    require("queue", queueLength, 1, PoolLayout.MAX_SLOTS);
    require("number of deaths", deaths, 1, PoolLayout.MAX_DEATHS);
    if (taskMemory < 0) {
      throw new IllegalArgumentException(
          "found a task memory of " + taskMemory + " bytes, expected 0 or more");
    }
    this.workers = workers;
    this.threads = threads;
    this.queueLength = queueLength;
    this.deaths = deaths;
    this.taskMemory = taskMemory;
    this.crew = crew;
  }

  private static void require(String what, int found, int min, int max) {
    if (found < min || found > max) {
      throw new IllegalArgumentException(
          "found a " + what + " of " + found + ", expected " + min + " to " + max);
    }
  }

  /** Returns a pool of so many worker processes. */
  public static PoolSpec ofWorkers(int number) {
    return new PoolSpec(
        number,
        1,
        DEFAULT_QUEUE_LENGTH,
        DEFAULT_DEATHS,
        DEFAULT_TASK_MEMORY,
        new Crew(Optional.empty(), UnaryOperator.identity(), Optional.empty(), "", false));
  }

  /** Returns the same with another number of threads in each worker, 1 by default. */
  public PoolSpec withThreads(int number) {
    return new PoolSpec(workers, number, queueLength, deaths, taskMemory, crew);
  }

  /**
   * Returns the same with another length of the queue: the number of tasks that can wait, run, or
   * have a result that nobody has read, 1 to 32,768.
   */
  public PoolSpec withQueueLength(int tasks) {
    return new PoolSpec(workers, threads, tasks, deaths, taskMemory, crew);
  }

  /**
   * Returns the same with another number of workers that may die of a task, 1 to 100: after the
   * last one it is given up. A worker of several {@linkplain #withThreads threads} that dies counts
   * for none of the tasks that it ran if there were several; each of them is run alone from then
   * on, so that the next death says which it was.
   */
  public PoolSpec withDeaths(int number) {
    return new PoolSpec(workers, threads, queueLength, number, taskMemory, crew);
  }

  /**
   * Returns the same with other bytes of the heap that there must be for the tasks of each worker
   * before the pool starts.
   */
  public PoolSpec withTaskMemory(long bytes) {
    return new PoolSpec(workers, threads, queueLength, deaths, bytes, crew);
  }

  /**
   * Returns the same with workers that go on without the process that has started them, for so
   * long: who opens the pool with workers meanwhile gets them. By default they end with it.
   */
  public PoolSpec withWorkersOutliving(Duration time) {
    return with(
        new Crew(Optional.of(time), crew.worker, crew.listener, crew.preparation, crew.tolerant));
  }

  private PoolSpec with(Crew other) {
    return new PoolSpec(workers, threads, queueLength, deaths, taskMemory, other);
  }

  /**
   * Returns the same with workers that are started otherwise: flags, class path, environment,
   * output.
   *
   * @param change gets the specification of a worker, and returns another one with {@code with…}
   */
  public PoolSpec withWorker(UnaryOperator<WorkerSpec> change) {
    Objects.requireNonNull(change);
    UnaryOperator<WorkerSpec> both = spec -> changed(change, crew.worker.apply(spec));
    return with(new Crew(crew.outliving, both, crew.listener, crew.preparation, crew.tolerant));
  }

  private static WorkerSpec changed(UnaryOperator<WorkerSpec> change, WorkerSpec spec) {
    return Objects.requireNonNull(
        change.apply(spec),
        "the function that was given to withWorker has returned null, expected the specification"
            + " of a worker");
  }

  /**
   * Returns the same with a listener that is told of starts and deaths of workers; of several, the
   * last.
   */
  public PoolSpec withWorkerListener(WorkerListener listener) {
    return with(
        new Crew(
            crew.outliving, crew.worker, Optional.of(listener), crew.preparation, crew.tolerant));
  }

  /**
   * Returns the same with something that each worker does once before it is ready for its first
   * task. If that throws, the worker has failed to start. Workers that are adopted have done it, or
   * not, as they were told when they were started.
   */
  public PoolSpec withPreparation(Class<? extends WorkerPreparation> type) {
    return with(
        new Crew(crew.outliving, crew.worker, crew.listener, type.getName(), crew.tolerant));
  }

  /**
   * Returns the same with a start that bears workers that do not come up, as long as one does: the
   * pool is open when all have started or failed, and those that have failed are started again, as
   * workers are that have died. By default a pool whose workers do not all start is not opened.
   */
  public PoolSpec withTolerantStart() {
    return with(new Crew(crew.outliving, crew.worker, crew.listener, crew.preparation, true));
  }

  /** Returns the number of worker processes. */
  public int workers() {
    return workers;
  }

  /** Returns the number of threads of each. */
  public int threads() {
    return threads;
  }

  /** Returns the length of the queue. */
  public int queueLength() {
    return queueLength;
  }

  /** Returns how many workers may die of a task. */
  public int deaths() {
    return deaths;
  }

  long taskMemory() {
    return taskMemory;
  }

  Optional<Duration> outliving() {
    return crew.outliving;
  }

  WorkerSpec worker(WorkerSpec spec) {
    return crew.worker.apply(spec);
  }

  Optional<WorkerListener> listener() {
    return crew.listener;
  }

  /** The name of the class of the preparation; empty for none. */
  String preparation() {
    return crew.preparation;
  }

  boolean isTolerant() {
    return crew.tolerant;
  }

  /** The number of run records: for these workers, and as many that have just died. */
  int runs() {
    return Math.min(PoolLayout.MAX_RUNS, Math.max(LEAST_RUNS, 2 * workers * threads));
  }

  /** Returns the bytes that a pool of this kind takes in a heap, without its tasks. */
  public long length() {
    return PoolLayout.length(queueLength, runs());
  }

  @Override
  public String toString() {
    return workers
        + (workers == 1 ? " worker" : " workers")
        + " of "
        + threads
        + (threads == 1 ? " thread" : " threads")
        + ", a queue of "
        + queueLength
        + " tasks";
  }
}
