package dev.rszshm.structures.internal.ring;

/** A message that was received and is still where it was sent. */
public interface Receipt {
  /** Returns the position of the message. */
  long position();

  /** Returns the length of the message in bytes. */
  int length();

  /** Returns how often the message was delivered, this time included. */
  int deliveries();

  /** Lets senders use the room of the message, for good. */
  void done();

  /** Ends the receipt without an acknowledgment. */
  void close();
}
