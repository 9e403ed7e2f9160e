package dev.rszshm.heap.errors;

/** A file lock of somebody who is no participant keeps the locks of the participants out. */
public final class FileLockedException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public FileLockedException(String message) {
    super(message);
  }
}
