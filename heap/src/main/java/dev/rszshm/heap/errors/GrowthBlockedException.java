package dev.rszshm.heap.errors;

/**
 * Thrown when another process holds the growth lock of a heap for longer than the growth timeout.
 */
public final class GrowthBlockedException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public GrowthBlockedException(String message) {
    super(message);
  }
}
