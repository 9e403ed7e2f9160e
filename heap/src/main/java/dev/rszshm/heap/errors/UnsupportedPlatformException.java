package dev.rszshm.heap.errors;

/** Thrown when this machine cannot run rszshm, or not with its present settings. */
public final class UnsupportedPlatformException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public UnsupportedPlatformException(String message) {
    super(message);
  }
}
