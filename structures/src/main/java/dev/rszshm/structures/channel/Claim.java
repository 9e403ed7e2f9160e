package dev.rszshm.structures.channel;

import dev.rszshm.structures.internal.ring.Ring;

/**
 * Room for a message that is written where it will be received: {@link Channel#claim} makes one.
 * Write {@link #length} bytes at {@link #offset} of the heap, and {@link #commit}.
 *
 * <pre>{@code
 * try (Claim claim = channel.claim(16)) {
 *   heap.putLong(claim.offset(), 1);
 *   heap.putLong(claim.offset() + 8, 2);
 *   claim.commit();
 * }
 * }</pre>
 *
 * <p>What is claimed later is received later, so receivers wait for a claim. If the process dies
 * before the commit, they go on without it. A claim belongs to one thread at a time.
 */
public final class Claim implements AutoCloseable {
  private final Ring ring;
  private final int length;
  private boolean settled;

  /** Where the room is; 0 or less: nothing is claimed yet. */
  long position;

  Claim(Ring ring, int length) {
    this.ring = ring;
    this.length = length;
  }

  /** Returns the offset in the heap of the first byte; a multiple of 8, in a stream of 64. */
  public long offset() {
    return ring.payloadOffset(position);
  }

  /** Returns the length of the message in bytes. */
  public int length() {
    return length;
  }

  /**
   * Sends the message.
   *
   * @throws IllegalStateException if it was sent or given up before, or the heap is closed
   */
  public void commit() {
    settle();
    ring.claims.commit(position, length);
  }

  /**
   * Gives the room up; nobody receives it.
   *
   * @throws IllegalStateException if it was sent or given up before, or the heap is closed
   */
  public void abort() {
    settle();
    ring.claims.abort(position, length);
  }

  private void settle() {
    ring.enter();
    if (settled) {
      throw new IllegalStateException("this claim was committed or aborted before");
    }
    settled = true;
  }

  /** Gives the room up, unless the message was sent. Does nothing if it was given up before. */
  @Override
  public void close() {
    if (!settled && ring.heap.isOpen()) {
      abort();
    }
  }

  @Override
  public String toString() {
    return "the claim of "
        + length
        + " bytes at offset "
        + offset()
        + " in "
        + ring
        + (settled ? ", which is committed or aborted" : "");
  }
}
