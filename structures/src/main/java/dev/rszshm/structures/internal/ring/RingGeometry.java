package dev.rszshm.structures.internal.ring;

import dev.rszshm.structures.channel.ChannelSpec;

/**
 * Where the granules of a ring are, and how positions count them. All of it follows from the
 * specification.
 *
 * <p>A position is a 64-bit number that never falls: the lap above, the index of a granule in the
 * lower bits. Laps begin at 1. One granule more is there than may be claimed, so that a channel can
 * be closed when it is full.
 *
 * @param granules how many
 * @param indexBits bits of an index
 * @param headers offset of the first header in the channel
 * @param headerStride bytes from one header to the next
 * @param payloads offset of the first payload in the channel
 * @param payloadStride bytes from one payload to the next
 * @param shortest bytes of the shortest message
 * @param longest bytes of the longest message that goes in one piece
 * @param counts bytes of the counts of one kind of participants
 * @param bytes bytes of it all
 * @param isAcknowledged whether receivers acknowledge messages
 * @param hasSingleSender whether there is one sender at a time
 * @param hasSingleReceiver whether there is one receiver at a time
 * @param hasPlainHead whether the head is moved by one receiver only, which needs no atomic
 *     operation for it
 */
public record RingGeometry(
    int granules,
    int indexBits,
    long headers,
    long headerStride,
    long payloads,
    long payloadStride,
    int shortest,
    int longest,
    long counts,
    long bytes,
    boolean isAcknowledged,
    boolean hasSingleSender,
    boolean hasSingleReceiver,
    boolean hasPlainHead) {
  /** Parts are no longer than this, so that they are still in the cache of who receives them. */
  private static final int LONGEST_PART = 128 << 10;

  public static RingGeometry of(ChannelSpec spec, int participantSlots) {
    long counts = (long) participantSlots * Long.BYTES;
    long first = align(RingLayout.COUNTS + 3 * counts);
    return spec.isStream() ? stream(spec, counts, first) : slots(spec, counts, first);
  }

  private static RingGeometry slots(ChannelSpec spec, long counts, long first) {
    int granules = Math.max(1, spec.depth()) + 1;
    long stride = Long.BYTES + (spec.width().bytes() + 7L & -8L);
    return new RingGeometry(
        granules,
        indexBits(granules),
        first,
        stride,
        first + Long.BYTES,
        stride,
        spec.width().kind() == ChannelSpec.Kind.FIXED ? spec.width().bytes() : 0,
        spec.width().bytes(),
        counts,
        align(first + granules * stride),
        spec.isAcknowledged(),
        spec.isSingleSender(),
        spec.isSingleReceiver(),
        hasPlainHead(spec));
  }

  private static RingGeometry stream(ChannelSpec spec, long counts, long first) {
    int granules = spec.depth() / RingLayout.STREAM_GRANULE + 1;
    long payloads = align(first + (long) granules * Long.BYTES);
    return new RingGeometry(
        granules,
        indexBits(granules),
        first,
        Long.BYTES,
        payloads,
        RingLayout.STREAM_GRANULE,
        0,
        Math.min(LONGEST_PART, spec.depth() / 8 & -RingLayout.STREAM_GRANULE),
        counts,
        align(payloads + (long) granules * RingLayout.STREAM_GRANULE),
        spec.isAcknowledged(),
        spec.isSingleSender(),
        spec.isSingleReceiver(),
        hasPlainHead(spec));
  }

  /** Without a buffer, senders take their message back; acknowledged ones are behind the head. */
  private static boolean hasPlainHead(ChannelSpec spec) {
    return spec.isSingleReceiver() && !spec.isAcknowledged() && !spec.isUnbuffered();
  }

  private static int indexBits(int granules) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(granules - 1);
  }

  private static long align(long offset) {
    return offset + RingLayout.ALIGNMENT - 1 & -RingLayout.ALIGNMENT;
  }

  /** The position of the first granule in the first lap. */
  long first() {
    return 1L << indexBits;
  }

  long lap(long position) {
    return position >>> indexBits;
  }

  int index(long position) {
    return (int) position & (1 << indexBits) - 1;
  }

  /** The position some granules on; they do not reach beyond the end of the lap. */
  long next(long position, int run) {
    long next = position + run;
    return index(position) + run == granules ? (lap(position) + 1) << indexBits : next;
  }

  /** The end of what may be claimed when all before a position is free. */
  long windowEnd(long free) {
    return index(free) == 0 ? free + granules - 1 : free + (1L << indexBits) - 1;
  }

  /** Number of granules from one position to another. */
  public long distance(long from, long to) {
    return (lap(to) - lap(from)) * granules + index(to) - index(from);
  }

  /** Whether the room of one message is room for another, so that one sender is to be woken. */
  boolean isOneForOne() {
    return headerStride == payloadStride && granules > 2;
  }

  /** Whether another eighth of the ring begins between two positions. */
  boolean isEighthBetween(long from, long to) {
    return (from ^ to) >>> Math.max(0, indexBits - 3) != 0;
  }

  /** Number of granules that a message takes. */
  int granulesFor(int length) {
    return headerStride != payloadStride
        ? Math.max(1, (length + RingLayout.STREAM_GRANULE - 1) / RingLayout.STREAM_GRANULE)
        : 1;
  }
}
