package dev.rszshm.structures.pool;

import java.time.Duration;

/**
 * A worker has started.
 *
 * @param pool the name of the pool
 * @param worker the name of the worker: that of the pool and a number, the same for none of its
 *     workers
 * @param pid its process id
 * @param time how long it took until it was ready
 */
public record WorkerStart(String pool, String worker, long pid, Duration time) {
  @Override
  public String toString() {
    return "worker "
        + worker
        + " (pid "
        + pid
        + ") of the pool \""
        + pool
        + "\" was ready after "
        + time.toMillis()
        + " ms";
  }
}
