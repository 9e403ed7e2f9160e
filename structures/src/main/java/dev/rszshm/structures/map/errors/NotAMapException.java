package dev.rszshm.structures.map.errors;

import dev.rszshm.heap.errors.HeapException;

/** There is no map at this place, or one that was made with another specification. */
public final class NotAMapException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Makes an exception with a message for the user. */
  public NotAMapException(String message) {
    super(message);
  }
}
