package dev.rszshm.heap.errors;

/** Thrown when a heap that was passed on is not the one that its message describes. */
public final class OtherHeapException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public OtherHeapException(String message) {
    super(message);
  }
}
