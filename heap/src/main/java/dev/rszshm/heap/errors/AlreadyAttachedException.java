package dev.rszshm.heap.errors;

/** Thrown when a heap is attached in this JVM already, at its own address. */
public final class AlreadyAttachedException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public AlreadyAttachedException(String message) {
    super(message);
  }
}
