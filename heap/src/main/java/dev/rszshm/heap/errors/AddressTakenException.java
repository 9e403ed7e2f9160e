package dev.rszshm.heap.errors;

/** The address at which the heap must be mapped is in use in this process. */
public final class AddressTakenException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public AddressTakenException(String message) {
    super(message);
  }
}
