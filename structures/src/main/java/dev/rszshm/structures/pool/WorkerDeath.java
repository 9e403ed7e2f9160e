package dev.rszshm.structures.pool;

import dev.rszshm.structures.worker.WorkerExit;
import java.util.Optional;

/**
 * A worker has died.
 *
 * @param pool the name of the pool
 * @param worker the name of the worker, as in its {@link WorkerStart}; {@link #ADOPTED} if another
 *     process had started it
 * @param pid its process id
 * @param exit how it ended; empty if that is not known, as of one that was adopted
 */
public record WorkerDeath(String pool, String worker, long pid, Optional<WorkerExit> exit) {
  /** The name of all workers that this process has adopted. */
  public static final String ADOPTED = "adopted";

  @Override
  public String toString() {
    return "worker "
        + worker
        + " (pid "
        + pid
        + ") of the pool \""
        + pool
        + "\" has died"
        + exit.map(known -> ": " + known.describe()).orElse("");
  }
}
