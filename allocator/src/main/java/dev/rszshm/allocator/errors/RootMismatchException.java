package dev.rszshm.allocator.errors;

import dev.rszshm.heap.errors.HeapException;

/** A root exists with another type, version or size than was asked for. */
public final class RootMismatchException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Makes an exception with a message for the user. */
  public RootMismatchException(String message) {
    super(message);
  }
}
