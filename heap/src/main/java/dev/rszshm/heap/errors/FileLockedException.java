package dev.rszshm.heap.errors;

/** Thrown when a file lock of another program keeps participants from locking their slots. */
public final class FileLockedException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public FileLockedException(String message) {
    super(message);
  }
}
