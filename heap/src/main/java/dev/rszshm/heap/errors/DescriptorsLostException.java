package dev.rszshm.heap.errors;

/**
 * Thrown when the system could not hand over the descriptor of a message, most often because this
 * process has too many open files.
 */
public final class DescriptorsLostException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public DescriptorsLostException(String message) {
    super(message);
  }
}
