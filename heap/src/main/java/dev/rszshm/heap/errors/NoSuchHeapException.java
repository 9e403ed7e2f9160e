package dev.rszshm.heap.errors;

/** There is no such file, or its directory is missing. */
public final class NoSuchHeapException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public NoSuchHeapException(String message) {
    super(message);
  }
}
