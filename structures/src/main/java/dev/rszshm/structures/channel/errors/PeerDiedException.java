package dev.rszshm.structures.channel.errors;

import dev.rszshm.heap.errors.HeapException;

/**
 * Thrown if all at the other end of a channel have died or detached, once for each time that
 * happens: a further call waits for others to come.
 */
public final class PeerDiedException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Constructs an exception with a message for the user. */
  public PeerDiedException(String message) {
    super(message);
  }
}
