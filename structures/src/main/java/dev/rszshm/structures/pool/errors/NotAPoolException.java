package dev.rszshm.structures.pool.errors;

import dev.rszshm.heap.errors.HeapException;

/** There is no pool at this place, or one that was made otherwise than was asked for. */
public final class NotAPoolException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Makes an exception with a message for the user. */
  public NotAPoolException(String message) {
    super(message);
  }
}
