package dev.rszshm.heap.errors;

/** Thrown when a file may not be opened, or belongs to another user. */
public final class HeapAccessDeniedException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public HeapAccessDeniedException(String message) {
    super(message);
  }
}
