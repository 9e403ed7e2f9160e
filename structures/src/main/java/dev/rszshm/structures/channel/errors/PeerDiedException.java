package dev.rszshm.structures.channel.errors;

import dev.rszshm.heap.errors.HeapException;

/**
 * All those at the other end of the channel have died or detached. Thrown once for each time that
 * happens: whoever calls again waits for new ones.
 */
public final class PeerDiedException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Makes an exception with a message for the user. */
  public PeerDiedException(String message) {
    super(message);
  }
}
