package dev.rszshm.structures.map.errors;

import dev.rszshm.heap.errors.HeapException;

/** What is in a map cannot be: somebody wrote where they should not. */
public final class DamagedMapException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Makes an exception with a message for the user. */
  public DamagedMapException(String message) {
    super(message);
  }
}
