package dev.rszshm.allocator.errors;

import dev.rszshm.heap.errors.HeapException;

/** Thrown when a heap has as many roots as it can have. */
public final class RootTableFullException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Makes an exception with a message for the user. */
  public RootTableFullException(String message) {
    super(message);
  }
}
