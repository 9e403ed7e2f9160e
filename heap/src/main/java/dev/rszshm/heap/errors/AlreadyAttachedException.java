package dev.rszshm.heap.errors;

/** The heap is attached in this JVM already, at the address it must have. */
public final class AlreadyAttachedException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public AlreadyAttachedException(String message) {
    super(message);
  }
}
