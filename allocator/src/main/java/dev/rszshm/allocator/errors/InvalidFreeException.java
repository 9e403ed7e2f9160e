package dev.rszshm.allocator.errors;

import dev.rszshm.heap.errors.HeapException;

/** Thrown when an offset that is to be freed is not that of a block in use. Nothing was changed. */
public final class InvalidFreeException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Makes an exception with a message for the user. */
  public InvalidFreeException(String message) {
    super(message);
  }
}
