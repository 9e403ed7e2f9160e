package dev.rszshm.heap.errors;

/** Thrown when something needs a heap that nobody has attached for writing, and somebody has. */
public final class HeapInUseException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public HeapInUseException(String message) {
    super(message);
  }
}
