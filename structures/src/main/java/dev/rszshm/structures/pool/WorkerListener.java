package dev.rszshm.structures.pool;

/**
 * Is told what becomes of the workers of a pool, in the process that starts them.
 *
 * <pre>{@code
 * PoolSpec.ofWorkers(4)
 *     .withWorkerListener(
 *         new WorkerListener() {
 *           @Override
 *           public void died(WorkerDeath death) {
 *             log.warn("{}", death);
 *           }
 *         })
 * }</pre>
 *
 * <p>One thread of the pool calls it, with one report after the other, in the order in which this
 * process has noticed what they tell. It may take its time, wait, and call what the pool has: no
 * worker and no task waits for it. What it throws goes to the uncaught exception handler of that
 * thread, and it gets the next report. A report for which there is no memory is dropped. {@link
 * WorkerPool#close} lets it have the reports that are left, and waits for that for up to ten
 * seconds.
 */
public interface WorkerListener {
  /** A worker is ready for its first task. */
  default void started(WorkerStart start) {}

  /**
   * A worker that was ready has ended, and was not told to. Its task is run again or fails, and
   * another worker is started.
   */
  default void died(WorkerDeath death) {}

  /** A worker has ended before it was ready, or is not ready in time. */
  default void failedToStart(WorkerStartFailure failure) {}

  /**
   * Workers could not be started again and again. No more are started until another one dies; if
   * none is left, the pool is stopped.
   *
   * @param pool the name of the pool
   * @param why how the last one has failed
   */
  default void gaveUp(String pool, String why) {}
}
