package dev.rszshm.heap.errors;

/** The file is shorter than its header says: somebody has truncated it. */
public final class TruncatedHeapException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public TruncatedHeapException(String message) {
    super(message);
  }
}
