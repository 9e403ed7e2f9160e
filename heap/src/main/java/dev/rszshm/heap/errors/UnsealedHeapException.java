package dev.rszshm.heap.errors;

/**
 * Thrown when a descriptor leads to memory that somebody else could still make shorter, because it
 * is not sealed. An access to what was cut off would be a fault instead of an exception.
 */
public final class UnsealedHeapException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public UnsealedHeapException(String message) {
    super(message);
  }
}
