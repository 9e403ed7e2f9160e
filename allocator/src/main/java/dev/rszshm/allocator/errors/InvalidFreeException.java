package dev.rszshm.allocator.errors;

import dev.rszshm.heap.errors.HeapException;

/** What was to be freed is no block, or not one any more. Nothing was changed. */
public final class InvalidFreeException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Makes an exception with a message for the user. */
  public InvalidFreeException(String message) {
    super(message);
  }
}
