package dev.rszshm.structures.channel;

import dev.rszshm.structures.internal.ring.Receipt;
import dev.rszshm.structures.internal.ring.Ring;

/**
 * A message that was received and is still where it was sent; {@link Channel#take} returns one. Its
 * bytes stay as they are until {@link #done} or {@link #close}; senders cannot use its room, and
 * what comes behind it, until then.
 *
 * <pre>{@code
 * try (Message job = jobs.take()) { // a channel with ChannelSpec.acknowledged()
 *   work(job.toBytes());
 *   job.done();                     // without this, another receiver gets the job
 * }
 * }</pre>
 *
 * <p>If the process dies before that, the room is free again; in a channel with {@link
 * ChannelSpec#acknowledged} another receiver gets the message first.
 *
 * <p>Any thread may read and end it.
 */
public final class Message implements AutoCloseable {
  private final Ring ring;
  private final Receipt receipt;

  Message(Ring ring, Receipt receipt) {
    this.ring = ring;
    this.receipt = receipt;
  }

  /**
   * Returns the offset in the heap of the first byte; a multiple of 8, in a stream of 64.
   *
   * @throws IllegalStateException if the message is done or closed
   */
  public long offset() {
    if (receipt.ended) {
      throw new IllegalStateException(
          "this message is done or closed, and its bytes may be another's: read it before");
    }
    return ring.payloadOffset(receipt.position());
  }

  /** Returns the length of the message in bytes. */
  public int length() {
    return receipt.length();
  }

  /**
   * Returns a copy of the message.
   *
   * @throws IllegalStateException if the message is done or closed
   */
  public byte[] toBytes() {
    return length() == 0 ? new byte[0] : ring.heap.getBytes(offset(), length());
  }

  /**
   * Returns how often the message was delivered, this time included: 1, unless the channel is
   * {@link ChannelSpec#acknowledged} and a receiver has died with the message or has closed it. It
   * is counted up to 63. A message that kills each receiver can be told by that, and set aside.
   */
  public int deliveries() {
    return receipt.deliveries();
  }

  /**
   * Acknowledges the message: it is processed, nobody gets it again, and senders can use its room.
   * In a channel that is not {@link ChannelSpec#acknowledged} the same as {@link #close}. If the
   * process dies in it, the message is acknowledged or given again.
   *
   * @throws IllegalStateException if the message is done or closed, or the heap is closed: the
   *     message may be given again
   */
  public void done() {
    ring.enter();
    synchronized (receipt) {
      if (receipt.ended) {
        throw new IllegalStateException("this message was done or closed before");
      }
      end(true);
    }
  }

  private void end(boolean done) {
    try {
      if (done) {
        receipt.done();
      } else if (ring.heap.isOpen()) {
        receipt.close();
      }
      receipt.ended = true;
    } catch (Throwable thrown) {
      if (!receipt.ended) {
        receipt.unreleased.slots[receipt.pin] = true; // no call: there may be no stack for one
        receipt.unreleased.any = true;
        receipt.ended = true;
      }
      throw thrown;
    }
  }

  /**
   * Ends it. In a channel that is {@link ChannelSpec#acknowledged} a message that is not done is
   * given back, and a receiver gets it again; otherwise senders can use its room. Does nothing if
   * the message is done or closed.
   */
  @Override
  public void close() {
    synchronized (receipt) {
      if (!receipt.ended) {
        end(false);
      }
    }
  }

  @Override
  public String toString() {
    return "the message of "
        + receipt.length()
        + " bytes at offset "
        + ring.payloadOffset(receipt.position())
        + " in "
        + ring
        + (receipt.ended ? ", which is done or closed" : "");
  }
}
