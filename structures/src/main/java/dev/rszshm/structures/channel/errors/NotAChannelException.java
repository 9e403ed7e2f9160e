package dev.rszshm.structures.channel.errors;

import dev.rszshm.heap.errors.HeapException;

/** There is no channel at this place, or one of another kind than was asked for. */
public final class NotAChannelException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Makes an exception with a message for the user. */
  public NotAChannelException(String message) {
    super(message);
  }
}
