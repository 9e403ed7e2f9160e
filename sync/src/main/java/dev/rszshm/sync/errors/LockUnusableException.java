package dev.rszshm.sync.errors;

import dev.rszshm.heap.errors.HeapException;

/** A lock was released by one who got it from the dead and did not say that all is well again. */
public final class LockUnusableException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public LockUnusableException(String message) {
    super(message);
  }
}
