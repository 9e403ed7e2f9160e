package dev.rszshm.heap.errors;

/** No candidate address of the search has room for the span. */
public final class NoAddressException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public NoAddressException(String message) {
    super(message);
  }
}
