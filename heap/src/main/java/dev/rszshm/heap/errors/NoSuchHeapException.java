package dev.rszshm.heap.errors;

/** Thrown when a file, or its directory, does not exist. */
public final class NoSuchHeapException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public NoSuchHeapException(String message) {
    super(message);
  }
}
