package dev.rszshm.heap.errors;

/** A heap has been attached to so often that no new participant can be told from an old one. */
public final class HeapWornOutException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public HeapWornOutException(String message) {
    super(message);
  }
}
