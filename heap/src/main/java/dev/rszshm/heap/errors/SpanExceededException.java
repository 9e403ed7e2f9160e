package dev.rszshm.heap.errors;

/** The heap was asked to grow beyond its span, which is fixed at creation. */
public final class SpanExceededException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public SpanExceededException(String message) {
    super(message);
  }
}
