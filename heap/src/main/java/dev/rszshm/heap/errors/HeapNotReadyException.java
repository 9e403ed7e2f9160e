package dev.rszshm.heap.errors;

/** The heap is still being made, or its maker died while making it. */
public final class HeapNotReadyException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public HeapNotReadyException(String message) {
    super(message);
  }
}
