package dev.rszshm.structures.map.errors;

import dev.rszshm.heap.errors.HeapException;

/** As many threads read values in place as a map has pins. */
public final class TooManyReadersException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Makes an exception with a message for the user. */
  public TooManyReadersException(String message) {
    super(message);
  }
}
