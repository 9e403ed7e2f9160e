package dev.rszshm.heap.errors;

/** Thrown when none of the addresses that a scan tries has room for the span of a heap. */
public final class NoAddressException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public NoAddressException(String message) {
    super(message);
  }
}
