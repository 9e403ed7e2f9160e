package dev.rszshm.heap.errors;

/** Thrown when a heap is still being made, or its maker has died before it was complete. */
public final class HeapNotReadyException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public HeapNotReadyException(String message) {
    super(message);
  }
}
