package dev.rszshm.heap.errors;

/**
 * Thrown when an object is placed over another, in a heap that looks for that: see {@link
 * dev.rszshm.heap.HeapBuilder#checkingOverlaps}.
 */
public final class OverlappingPlacesException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public OverlappingPlacesException(String message) {
    super(message);
  }
}
