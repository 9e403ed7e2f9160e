package dev.rszshm.allocator.errors;

import dev.rszshm.heap.errors.HeapException;

/** The content of a heap is something else than an allocator. */
public final class NotAnAllocatorException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Makes an exception with a message for the user. */
  public NotAnAllocatorException(String message) {
    super(message);
  }
}
