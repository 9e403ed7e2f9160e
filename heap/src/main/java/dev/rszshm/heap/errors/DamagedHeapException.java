package dev.rszshm.heap.errors;

/** Thrown when a heap contains what cannot have been written by a correct program. */
public final class DamagedHeapException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public DamagedHeapException(String message) {
    super(message);
  }
}
