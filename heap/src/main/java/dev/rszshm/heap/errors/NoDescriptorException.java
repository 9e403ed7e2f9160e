package dev.rszshm.heap.errors;

/** Thrown when the message of a heap has come without a descriptor. */
public final class NoDescriptorException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public NoDescriptorException(String message) {
    super(message);
  }
}
