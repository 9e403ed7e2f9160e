package dev.rszshm.allocator.errors;

import dev.rszshm.heap.errors.HeapException;

/** Thrown when this process was taken for dead, and another has taken over what it was doing. */
public final class LaneLostException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Makes an exception with a message for the user. */
  public LaneLostException(String message) {
    super(message);
  }
}
