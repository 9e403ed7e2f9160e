package dev.rszshm.heap.errors;

/** Thrown when a heap is to be made and its file exists already. */
public final class HeapExistsException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public HeapExistsException(String message) {
    super(message);
  }
}
