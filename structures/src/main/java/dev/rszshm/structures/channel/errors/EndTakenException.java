package dev.rszshm.structures.channel.errors;

import dev.rszshm.heap.errors.HeapException;

/**
 * Thrown if another thread, of this or another process, has the end of a channel that only one can
 * have. Nothing was sent or received. A standby calls again after a pause: see {@link
 * dev.rszshm.structures.channel.ChannelSpec#singleReceiver}.
 */
public final class EndTakenException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Constructs an exception with a message for the user. */
  public EndTakenException(String message) {
    super(message);
  }
}
