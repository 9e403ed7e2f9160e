package dev.rszshm.heap.errors;

/** Thrown when a heap was made by a newer version, or for a machine with another page size. */
public final class UnsupportedFormatException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public UnsupportedFormatException(String message) {
    super(message);
  }
}
