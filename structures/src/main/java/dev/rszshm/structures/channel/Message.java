package dev.rszshm.structures.channel;

import dev.rszshm.structures.internal.ring.Ring;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A message that was received and is still where it was sent: {@link Channel#take} makes one. Its
 * bytes stay as they are until {@link #close}; senders cannot use its room, and what comes behind
 * it, until then. If the process dies, they can.
 *
 * <p>Any thread may read and close it.
 */
public final class Message implements AutoCloseable {
  private final Ring ring;
  private final int pin;
  private final long position;
  private final int length;
  private final AtomicBoolean closed = new AtomicBoolean();

  Message(Ring ring, int pin, long position, int length) {
    this.ring = ring;
    this.pin = pin;
    this.position = position;
    this.length = length;
  }

  /**
   * The offset in the heap of the first byte; a multiple of 8, in a stream of 64.
   *
   * @throws IllegalStateException if the message was closed
   */
  public long offset() {
    if (closed.get()) {
      throw new IllegalStateException(
          "this message was closed, and its bytes may be another's: read it before");
    }
    return ring.payloadOffset(position);
  }

  /** Bytes of the message. */
  public int length() {
    return length;
  }

  /**
   * Copies the message.
   *
   * @throws IllegalStateException if it was closed
   */
  public byte[] toBytes() {
    return length == 0 ? new byte[0] : ring.heap.getBytes(offset(), length);
  }

  /** Lets senders use the room. Closing again does nothing. */
  @Override
  public void close() {
    if (!closed.getAndSet(true) && ring.heap.isOpen()) {
      ring.pins().release(pin);
      ring.notFull.signalAll();
    }
  }
}
