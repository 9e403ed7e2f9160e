package dev.rszshm.heap.errors;

/**
 * Thrown when a heap has been attached so often, about 2^30 times, that a new participant could not
 * be told from an old one.
 */
public final class HeapWornOutException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public HeapWornOutException(String message) {
    super(message);
  }
}
