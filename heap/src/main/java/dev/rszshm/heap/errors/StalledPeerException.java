package dev.rszshm.heap.errors;

/**
 * Thrown when the time has run out in the midst of a message. The connection is of no use any more,
 * for nobody knows where the next message begins: close it.
 */
public final class StalledPeerException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public StalledPeerException(String message) {
    super(message);
  }
}
