package dev.rszshm.structures.channel.errors;

import dev.rszshm.heap.errors.HeapException;

/** The channel was closed: nothing more can be sent, and what was sent has been received. */
public final class ChannelShutdownException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Makes an exception with a message for the user. */
  public ChannelShutdownException(String message) {
    super(message);
  }
}
