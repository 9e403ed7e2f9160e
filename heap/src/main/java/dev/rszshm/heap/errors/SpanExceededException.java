package dev.rszshm.heap.errors;

/** Thrown when a heap is to grow beyond its span, which is fixed when it is made. */
public final class SpanExceededException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public SpanExceededException(String message) {
    super(message);
  }
}
