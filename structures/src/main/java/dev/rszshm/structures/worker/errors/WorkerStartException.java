package dev.rszshm.structures.worker.errors;

import dev.rszshm.heap.errors.HeapException;

/**
 * A worker could not be started, or ended before it was ready. The message has its command line,
 * how it ended and what it wrote on its standard error.
 */
public final class WorkerStartException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Makes an exception with a message for the user. */
  public WorkerStartException(String message) {
    super(message);
  }

  /** Makes an exception with a message for the user and the failure below it. */
  public WorkerStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
