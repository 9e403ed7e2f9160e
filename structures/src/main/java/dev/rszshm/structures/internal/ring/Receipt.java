package dev.rszshm.structures.internal.ring;

import dev.rszshm.structures.internal.process.Unreleased;

/** A message that was received and is still where it was sent. */
public abstract class Receipt {
  /** Where its pin is noted if it cannot be given back. */
  public final Unreleased unreleased;

  /** The number of the pin that keeps the message. */
  public final int pin;

  /** Whether the pin is given back, or noted; guarded by this receipt, but for who only looks. */
  public volatile boolean ended;

  Receipt(Unreleased unreleased, int pin) {
    this.unreleased = unreleased;
    this.pin = pin;
  }

  /** Returns the position of the message. */
  public abstract long position();

  /** Returns the length of the message in bytes. */
  public abstract int length();

  /** Returns how often the message was delivered, this time included. */
  public abstract int deliveries();

  /** Lets senders use the room of the message, for good. If it throws, see {@link #ended}. */
  public abstract void done();

  /** Ends the receipt without an acknowledgment. If it throws, see {@link #ended}. */
  public abstract void close();
}
