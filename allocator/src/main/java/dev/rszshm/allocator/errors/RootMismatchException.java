package dev.rszshm.allocator.errors;

import dev.rszshm.heap.errors.HeapException;

/** Thrown when a root exists with another type, version or size than the caller expects. */
public final class RootMismatchException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Makes an exception with a message for the user. */
  public RootMismatchException(String message) {
    super(message);
  }
}
