package dev.rszshm.structures.pool.errors;

import dev.rszshm.heap.errors.HeapException;

/** There is less memory for the heap than a pool needs; the message says how to get it. */
public final class PoolSpaceException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Makes an exception with a message for the user. */
  public PoolSpaceException(String message) {
    super(message);
  }
}
