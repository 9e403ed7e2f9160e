package dev.rszshm.heap.errors;

/** Thrown when the process at the other end of a socket belongs to another user. */
public final class ForeignPeerException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public ForeignPeerException(String message) {
    super(message);
  }
}
