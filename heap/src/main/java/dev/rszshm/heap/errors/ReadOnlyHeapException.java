package dev.rszshm.heap.errors;

/** Thrown when a heap is to be changed that is attached for reading only. */
public final class ReadOnlyHeapException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public ReadOnlyHeapException(String message) {
    super(message);
  }
}
