package dev.rszshm.structures.struct.errors;

import dev.rszshm.heap.errors.HeapException;

/** There is no array at this place, or its words are none that a correct program has written. */
public final class DamagedArrayException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Makes an exception with a message for the user. */
  public DamagedArrayException(String message) {
    super(message);
  }
}
