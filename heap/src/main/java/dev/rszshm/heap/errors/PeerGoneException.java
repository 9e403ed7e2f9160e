package dev.rszshm.heap.errors;

/** Thrown when the process at the other end of a socket has closed it, or has died. */
public final class PeerGoneException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public PeerGoneException(String message) {
    super(message);
  }
}
