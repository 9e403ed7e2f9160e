package dev.rszshm.heap.errors;

/** A file system gives those who open a file different memory for it, so it can hold no heap. */
public final class UnsharedFileException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public UnsharedFileException(String message) {
    super(message);
  }
}
