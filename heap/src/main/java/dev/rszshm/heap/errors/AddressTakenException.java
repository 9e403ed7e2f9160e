package dev.rszshm.heap.errors;

/** Thrown when the address of a heap is in use in this process. */
public final class AddressTakenException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public AddressTakenException(String message) {
    super(message);
  }
}
