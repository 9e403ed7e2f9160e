package dev.rszshm.structures.internal.ring;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.raw.RawAccess;
import dev.rszshm.heap.spi.Memory;

/**
 * Receives as the only one, and so without an atomic operation: steps 7 to 9 of {@link Ring} in one
 * go, for the case that there is a message and nothing else to do. Whatever else there is takes the
 * long way.
 */
final class SingleReceiver {
  /** No message was received: take the long way. */
  static final int NONE = -1;

  private final Ring ring;
  private final Heap heap;
  private final Memory memory;
  private final EndRole role;
  private final RingGeometry geometry;
  private final int granules;
  private final int indexBits;
  private final int indexMask;
  private final int longest;
  private final long head;
  private final long headers;
  private final long headerStride;
  private final long payloads;
  private final long payloadStride;

  SingleReceiver(Ring ring, EndRole role) {
    this.ring = ring;
    this.heap = ring.heap;
    this.memory = RawAccess.of(heap, SingleReceiver.class);
    this.role = role;
    this.geometry = ring.geometry;
    this.granules = geometry.granules();
    this.indexBits = geometry.indexBits();
    this.indexMask = (1 << indexBits) - 1;
    this.longest = geometry.longest();
    long base = heap.base() + ring.offset;
    this.head = base + RingLayout.HEAD;
    this.headers = base + geometry.headers();
    this.headerStride = geometry.headerStride();
    this.payloads = base + geometry.payloads();
    this.payloadStride = geometry.payloadStride();
  }

  /**
   * Receives the message at the head, if there is one, the current thread has the end, and the
   * message fits and does not end the lap.
   *
   * @return its length, or {@link #NONE}
   */
  int receiveAtOnce(byte[] into) {
    if (!heap.isOpen() || !role.isMine()) {
      return NONE;
    }
    long position = memory.getLongVolatile(head);
    int index = (int) position & indexMask;
    if (position <= 0 || index >= granules) {
      return NONE;
    }
    long header = memory.getLongVolatile(headers + index * headerStride);
    int length = Header.length(header);
    int run = geometry.granulesFor(length);
    if (!Header.isMessage(header, position >>> indexBits)
        || length > longest
        || length > into.length
        || run >= granules - index) {
      return NONE;
    }
    if (length > 0) {
      memory.copyOut(payloads + index * payloadStride, into, 0, length);
    }
    ring.consumeUntil(position, position + run);
    return length;
  }
}
