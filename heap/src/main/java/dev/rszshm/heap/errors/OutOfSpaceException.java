package dev.rszshm.heap.errors;

/** The file system has no room for what the heap was to become. */
public final class OutOfSpaceException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public OutOfSpaceException(String message) {
    super(message);
  }
}
