package dev.rszshm.heap.errors;

/** A heap takes its memory at the first write, and somebody asked for more certainty. */
public final class SparseHeapException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public SparseHeapException(String message) {
    super(message);
  }
}
