package dev.rszshm.structures.channel.errors;

import dev.rszshm.heap.errors.HeapException;

/**
 * Thrown to senders after a channel, topic or request channel was shut down, and to receivers when
 * all that was sent before has been received.
 */
public final class ChannelShutdownException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Constructs an exception with a message for the user. */
  public ChannelShutdownException(String message) {
    super(message);
  }
}
