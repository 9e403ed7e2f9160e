package dev.rszshm.heap.errors;

/**
 * Thrown when the file of a heap is shorter than its header says: another program has truncated it.
 */
public final class TruncatedHeapException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public TruncatedHeapException(String message) {
    super(message);
  }
}
