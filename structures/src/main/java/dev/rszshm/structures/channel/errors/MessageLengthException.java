package dev.rszshm.structures.channel.errors;

import dev.rszshm.heap.errors.HeapException;

/**
 * A message does not have the length that the channel, or the place it is to go to, has room for.
 */
public final class MessageLengthException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Makes an exception with a message for the user. */
  public MessageLengthException(String message) {
    super(message);
  }
}
