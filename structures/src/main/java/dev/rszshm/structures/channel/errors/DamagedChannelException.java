package dev.rszshm.structures.channel.errors;

import dev.rszshm.heap.errors.HeapException;

/** Thrown if what is in a channel cannot be: somebody has written where they should not. */
public final class DamagedChannelException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Constructs an exception with a message for the user. */
  public DamagedChannelException(String message) {
    super(message);
  }
}
