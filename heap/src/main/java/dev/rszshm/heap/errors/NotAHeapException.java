package dev.rszshm.heap.errors;

/** Thrown when a file is not a heap: its first bytes cannot be a header. */
public final class NotAHeapException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public NotAHeapException(String message) {
    super(message);
  }
}
