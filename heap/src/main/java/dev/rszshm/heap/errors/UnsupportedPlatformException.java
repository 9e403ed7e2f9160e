package dev.rszshm.heap.errors;

/** This machine cannot run rszshm, or not with the present settings. */
public final class UnsupportedPlatformException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public UnsupportedPlatformException(String message) {
    super(message);
  }
}
