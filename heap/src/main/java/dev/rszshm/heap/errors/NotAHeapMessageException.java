package dev.rszshm.heap.errors;

/** Thrown when what comes out of a socket is no message that passes a heap on. */
public final class NotAHeapMessageException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public NotAHeapMessageException(String message) {
    super(message);
  }
}
