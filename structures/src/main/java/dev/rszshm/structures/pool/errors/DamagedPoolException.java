package dev.rszshm.structures.pool.errors;

import dev.rszshm.heap.errors.HeapException;

/** What is in a pool cannot be: somebody wrote where they should not. */
public final class DamagedPoolException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Makes an exception with a message for the user. */
  public DamagedPoolException(String message) {
    super(message);
  }
}
