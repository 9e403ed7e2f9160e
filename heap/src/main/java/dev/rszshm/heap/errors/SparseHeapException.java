package dev.rszshm.heap.errors;

/**
 * Thrown when a heap takes its memory at the first write, and the caller asked for one that takes
 * it at once.
 */
public final class SparseHeapException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public SparseHeapException(String message) {
    super(message);
  }
}
