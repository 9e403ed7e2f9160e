package dev.rszshm.structures.channel.errors;

import dev.rszshm.heap.errors.HeapException;

/**
 * Thrown if a subscriber of an overwriting topic was too slow: messages that it had not received
 * have made room for others. It goes on with the oldest that is there.
 */
public final class LaggedException extends HeapException {
  private static final long serialVersionUID = 1;

  private final long missed;

  /** Constructs an exception with a message for the user. */
  public LaggedException(String message, long missed) {
    super(message);
    this.missed = missed;
  }

  /**
   * Returns how much was missed: of a topic with a depth the number of messages, those included
   * that nobody has completed; of a stream the number of places of 64 bytes.
   */
  public long missed() {
    return missed;
  }
}
