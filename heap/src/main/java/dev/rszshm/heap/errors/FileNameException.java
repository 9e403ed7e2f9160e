package dev.rszshm.heap.errors;

/**
 * Thrown when the name of a file cannot be expressed in the charset that the JVM uses for names, or
 * is too long.
 */
public final class FileNameException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public FileNameException(String message) {
    super(message);
  }
}
