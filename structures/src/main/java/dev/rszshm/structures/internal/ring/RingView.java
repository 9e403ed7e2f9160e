package dev.rszshm.structures.internal.ring;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.errors.DamagedChannelException;
import java.util.Locale;

/**
 * What is in a ring, for those who look and change nothing: positions, headers, and the chain that
 * they make ({@link Ring}). A heap that is attached for reading only is enough. Whatever was read
 * is checked before it is used.
 */
public class RingView {
  /** No message, no room. */
  public static final long NONE = 0;

  /** A message is being written. */
  public static final long BUSY = -1;

  /** Shut down, and all is received. */
  public static final long SHUTDOWN = -2;

  /** How often a count of the messages begins again that a receipt has disturbed. */
  private static final int COUNTS = 16;

  public final Heap heap;
  public final RingGeometry geometry;

  /** The offset of the channel. */
  final long offset;

  final int granules;
  private final long indexMask;
  private final long headers;
  private final long headerStride;

  /**
   * A view of a ring that is set up.
   *
   * @param offset of the channel in the heap
   */
  public RingView(Heap heap, long offset, RingGeometry geometry) {
    this.heap = heap;
    this.geometry = geometry;
    this.offset = offset;
    this.granules = geometry.granules();
    this.indexMask = geometry.first() - 1;
    this.headers = geometry.headers();
    this.headerStride = geometry.headerStride();
  }

  /** Reads the word at an offset from the beginning of the channel, in volatile order. */
  long read(long field) {
    return heap.getLongVolatile(offset + field);
  }

  /** The position of the next message to receive. */
  public final long head() {
    long position = read(RingLayout.HEAD);
    if (position <= 0) {
      throw damaged(position, "found this as the position of its head", "a positive one");
    }
    return position;
  }

  /** A position at or before the end of what is claimed. */
  final long tail() {
    return read(RingLayout.TAIL);
  }

  /** The index of a granule that is there. */
  final long index(long position) {
    long index = position & indexMask;
    if (index >= granules || position <= 0) {
      throw damaged(position, "found a position with index " + index, "one below " + granules);
    }
    return index;
  }

  /** Whether there is a granule at a position. */
  final boolean isPosition(long position) {
    return position > 0 && (position & indexMask) < granules;
  }

  /** Whether the message at a position was received through a pin, and its room is kept. */
  final boolean isTakenBy(long position, int pin) {
    return isPosition(position) && Header.isTakenBy(header(position), geometry.lap(position), pin);
  }

  /** Number of messages that were received and not acknowledged. */
  public final int taken() {
    int size = 0;
    for (int pin = 0; pin < RingLayout.PIN_COUNT; pin++) {
      long place = RingLayout.PINS + (long) pin * RingLayout.PIN_LENGTH;
      size += isTakenBy(read(place + Long.BYTES), pin) ? 1 : 0;
    }
    return size;
  }

  /** If the heap was closed meanwhile, what was read is nothing. */
  public final DamagedChannelException damaged(long position, String found, String expected) {
    heap.requireOpen();
    return new DamagedChannelException(
        String.format(
            Locale.ROOT,
            "%s is damaged at position 0x%x: %s, expected %s: somebody has written where they"
                + " should not. Make another channel",
            this,
            position,
            found,
            expected));
  }

  /** The offset of a header from the beginning of the channel. */
  final long headerField(long position) {
    return headers + index(position) * headerStride;
  }

  /** What begins at a position; read with volatile order, for those who look before they sleep. */
  public final long header(long position) {
    return read(headerField(position));
  }

  /** Bytes of a message, or of a part, all of which are in the ring. */
  public final int length(long position, long header) {
    int length = Header.length(header);
    if (length > geometry.longest() || geometry.granulesFor(length) > granules - index(position)) {
      throw damaged(position, "found a message of " + length + " bytes", "one that fits there");
    }
    return length;
  }

  public final boolean isMessage(long position, long header) {
    return Header.isMessage(header, geometry.lap(position));
  }

  public final boolean isPart(long position, long header) {
    return Header.isPart(header, geometry.lap(position));
  }

  /** Whether what begins at a position is a message or padding, and not being written. */
  public final boolean isSettled(long position, long header) {
    return Header.isOfLap(header, geometry.lap(position))
        && Header.state(header) != Header.SHUTDOWN;
  }

  /** Whether what begins at a position is being written. */
  public final boolean isClaimed(long position, long header) {
    return Header.isClaimedIn(header, geometry.lap(position));
  }

  /** Whether the ring was closed at a position. */
  public final boolean isShutdownAt(long position, long header) {
    return Header.isOfLap(header, geometry.lap(position))
        && Header.state(header) == Header.SHUTDOWN;
  }

  /**
   * Goes on from a position at which something may have begun.
   *
   * @return where to look next: here, if nothing has begun; or {@link #SHUTDOWN}
   */
  final long follow(long position, long found) {
    long lap = geometry.lap(position);
    if (Header.isOfLap(found, lap)) {
      return Header.state(found) == Header.SHUTDOWN ? SHUTDOWN : behind(position, found);
    }
    // A claim tells a few bits of its lap, and a word from long ago looks like one of a later lap.
    // As
    // long as the head has not passed, nothing of a later lap can be here.
    long front = head();
    if (front > position) {
      return Math.max(front, tail());
    }
    if (position > geometry.windowEnd(front) + indexMask + 1) {
      throw damaged(position, "found the end of what is claimed there", "it near the head");
    }
    return Header.isClaimed(found) ? behind(position, found) : position;
  }

  /** The position behind what has begun at a position. */
  public final long behind(long position, long header) {
    int run =
        switch (Header.state(header)) {
          case Header.CLAIMED -> Header.claimedGranules(header);
          case Header.PADDING -> Header.length(header);
          case Header.TAKEN -> Header.takenGranules(header);
          case Header.MESSAGE, Header.PART -> geometry.granulesFor(Header.length(header));
          default ->
              throw damaged(
                  position, "found a header of state " + Header.state(header), "one of 1 to 6");
        };
    if (run < 1 || run > granules - index(position)) {
      throw damaged(position, "found something of " + run + " granules", "1 up to the lap's end");
    }
    return geometry.next(position, run);
  }

  /** Whether the ring was shut down. */
  public final boolean isShutdown() {
    if (geometry.hasSingleSender()) {
      return (int) read(RingLayout.ENDING) != SingleSender.OPEN;
    }
    long position = Math.max(head(), tail());
    while (position > 0) {
      long further = follow(position, header(position));
      if (further == position) {
        return false;
      }
      position = further;
    }
    return true;
  }

  /**
   * Number of messages from the head on, those included that are being written; of some moment of
   * the call, unless receivers are so fast that it is only near.
   */
  public final long size() {
    long size = 0;
    for (int i = 0; i < COUNTS; i++) {
      long front = head();
      size = sizeFrom(front);
      if (head() == front) {
        break;
      }
    }
    return size;
  }

  private long sizeFrom(long front) {
    long position = front;
    long size = 0;
    for (int i = 0; i < granules; i++) {
      long found = header(position);
      long lap = geometry.lap(position);
      boolean closed = Header.isOfLap(found, lap) && Header.state(found) == Header.SHUTDOWN;
      if (closed || !(Header.isOfLap(found, lap) || Header.isClaimedIn(found, lap))) {
        break;
      }
      int state = Header.state(found);
      size += state == Header.PADDING || state == Header.TAKEN ? 0 : 1;
      position = behind(position, found);
    }
    return size;
  }

  /** The end of what is claimed, at some moment of the call; read with volatile order. */
  public final long claimedEnd() {
    long position = Math.max(head(), tail());
    while (true) {
      long further = follow(position, header(position));
      if (further <= 0 || further == position) {
        return position;
      }
      position = further;
    }
  }

  @Override
  public String toString() {
    return "the channel at offset " + offset + " of " + heap.path();
  }
}
