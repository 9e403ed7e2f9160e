package dev.rszshm.structures.channel.errors;

import dev.rszshm.heap.errors.HeapException;

/**
 * Thrown if a message does not have a length for which the channel, or the array or region that
 * receives it, has room.
 */
public final class MessageLengthException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Constructs an exception with a message for the user. */
  public MessageLengthException(String message) {
    super(message);
  }
}
