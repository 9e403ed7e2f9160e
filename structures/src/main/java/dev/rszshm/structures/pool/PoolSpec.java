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
  private final Optional<Duration> outliving;
  private final UnaryOperator<WorkerSpec> worker;

  private PoolSpec(
      int workers,
      int threads,
      int queueLength,
      int deaths,
      long taskMemory,
      Optional<Duration> outliving,
      UnaryOperator<WorkerSpec> worker) {
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
    this.outliving = outliving;
    this.worker = Objects.requireNonNull(worker);
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
        Optional.empty(),
        UnaryOperator.identity());
  }

  /** Returns the same with another number of threads in each worker, 1 by default. */
  public PoolSpec withThreads(int number) {
    return new PoolSpec(workers, number, queueLength, deaths, taskMemory, outliving, worker);
  }

  /**
   * Returns the same with another length of the queue: the number of tasks that can wait, run, or
   * have a result that nobody has read, 1 to 32,768.
   */
  public PoolSpec withQueueLength(int tasks) {
    return new PoolSpec(workers, threads, tasks, deaths, taskMemory, outliving, worker);
  }

  /**
   * Returns the same with another number of workers that may die of a task, 1 to 100: after the
   * last one it is given up.
   */
  public PoolSpec withDeaths(int number) {
    return new PoolSpec(workers, threads, queueLength, number, taskMemory, outliving, worker);
  }

  /**
   * Returns the same with other bytes of the heap that there must be for the tasks of each worker
   * before the pool starts.
   */
  public PoolSpec withTaskMemory(long bytes) {
    return new PoolSpec(workers, threads, queueLength, deaths, bytes, outliving, worker);
  }

  /**
   * Returns the same with workers that go on without the process that has started them, for so
   * long: who opens the pool with workers meanwhile gets them. By default they end with it.
   */
  public PoolSpec withWorkersOutliving(Duration time) {
    return new PoolSpec(
        workers, threads, queueLength, deaths, taskMemory, Optional.of(time), worker);
  }

  /**
   * Returns the same with workers that are started otherwise: flags, class path, environment,
   * output.
   *
   * @param change gets the specification of a worker, and returns another one with {@code with…}
   */
  public PoolSpec withWorker(UnaryOperator<WorkerSpec> change) {
    return new PoolSpec(
        workers,
        threads,
        queueLength,
        deaths,
        taskMemory,
        outliving,
        spec -> change.apply(worker.apply(spec)));
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
    return outliving;
  }

  WorkerSpec worker(WorkerSpec spec) {
    return worker.apply(spec);
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
