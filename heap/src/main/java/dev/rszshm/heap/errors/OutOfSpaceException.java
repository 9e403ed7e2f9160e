package dev.rszshm.heap.errors;

/** Thrown when the file system has no room for a heap to be made or to grow. */
public final class OutOfSpaceException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public OutOfSpaceException(String message) {
    super(message);
  }
}
