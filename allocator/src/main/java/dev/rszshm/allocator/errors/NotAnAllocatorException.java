package dev.rszshm.allocator.errors;

import dev.rszshm.heap.errors.HeapException;

/** Thrown when a heap has no allocator, and none can be set up there. */
public final class NotAnAllocatorException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Makes an exception with a message for the user. */
  public NotAnAllocatorException(String message) {
    super(message);
  }
}
