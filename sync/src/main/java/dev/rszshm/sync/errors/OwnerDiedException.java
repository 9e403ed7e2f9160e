package dev.rszshm.sync.errors;

import dev.rszshm.heap.errors.HeapException;

/** The last holder of a lock died while it held it: what the lock protects may be half changed. */
public final class OwnerDiedException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public OwnerDiedException(String message) {
    super(message);
  }
}
