package dev.rszshm.heap.errors;

/** The lock for growing could not be had in time. */
public final class GrowthBlockedException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public GrowthBlockedException(String message) {
    super(message);
  }
}
