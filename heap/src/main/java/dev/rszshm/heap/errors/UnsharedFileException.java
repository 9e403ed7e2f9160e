package dev.rszshm.heap.errors;

/**
 * Thrown when a file system does not give all processes that open a file the same memory, so that
 * it can hold no heap.
 */
public final class UnsharedFileException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public UnsharedFileException(String message) {
    super(message);
  }
}
