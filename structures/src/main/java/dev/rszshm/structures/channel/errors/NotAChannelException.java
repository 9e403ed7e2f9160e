package dev.rszshm.structures.channel.errors;

import dev.rszshm.heap.errors.HeapException;

/** Thrown if there is no channel at an offset, or one of another kind than was asked for. */
public final class NotAChannelException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Constructs an exception with a message for the user. */
  public NotAChannelException(String message) {
    super(message);
  }
}
