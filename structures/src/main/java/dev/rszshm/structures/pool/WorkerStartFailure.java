package dev.rszshm.structures.pool;

import dev.rszshm.structures.worker.WorkerExit;
import dev.rszshm.structures.worker.errors.WorkerStartException;
import java.util.Optional;

/**
 * A worker has failed to start.
 *
 * @param pool the name of the pool
 * @param worker the name of the worker
 * @param exit how it ended; empty if the system could not start it, or it is not ready in time
 * @param reason says why, with what the worker has written
 */
public record WorkerStartFailure(
    String pool, String worker, Optional<WorkerExit> exit, WorkerStartException reason) {}
