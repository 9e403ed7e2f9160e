package dev.rszshm.structures.internal.ring;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.errors.NotAChannelException;
import java.util.Locale;

/*
 * How a channel comes to be in a heap.
 *
 * Layout
 * ------
 * The first page of RingLayout.
 *
 * Protocol
 * --------
 * 1 specification: from 0, by compare-and-set. If it is there, it must be the same;
 * 2 head and tail: from 0 to the first position, by compare-and-set;
 * 3 write the other fields, which all follow from the specification;
 * 4 write the magic, with release order.
 * Any number of processes may be at this at once: behind 1 they write the same.
 *
 * If a process dies here
 * ----------------------
 * Before 4 there is no magic, and the next one does it all again. After 4 it is done.
 */
public final class RingCreation {
  private RingCreation() {}

  /** Finds a channel, or makes one where there are zeros. */
  public static void findOrMake(Heap heap, long offset, ChannelSpec spec) {
    require(heap, offset);
    long length = spec.length(heap);
    heap.region(offset, length);
    if (heap.getLongAcquire(offset + RingLayout.MAGIC) == 0) {
      make(heap, offset, spec);
    }
    ChannelSpec found = find(heap, offset);
    if (!found.equals(spec)) {
      throw mismatch(heap, offset, found.toString(), spec);
    }
  }

  private static void make(Heap heap, long offset, ChannelSpec spec) {
    long wanted = SpecificationLayout.encode(spec);
    long specification = offset + RingLayout.SPECIFICATION;
    long found = heap.compareAndExchangeLong(specification, 0, wanted);
    if (found != 0 && found != wanted) {
      throw mismatch(heap, offset, describe(found), spec);
    }
    RingGeometry geometry = RingGeometry.of(spec, heap.participantSlots());
    heap.compareAndSetLong(offset + RingLayout.HEAD, 0, geometry.first());
    heap.compareAndSetLong(offset + RingLayout.TAIL, 0, geometry.first());
    heap.putInt(offset + RingLayout.VERSION, RingLayout.CURRENT_VERSION);
    heap.putInt(offset + RingLayout.INDEX_BITS, geometry.indexBits());
    heap.putLong(offset + RingLayout.GRANULES, geometry.granules());
    heap.putLong(offset + RingLayout.PAYLOAD_STRIDE, geometry.payloadStride());
    heap.putLong(offset + RingLayout.HEADER_STRIDE, geometry.headerStride());
    heap.putLong(offset + RingLayout.FIRST_HEADER, geometry.headers());
    heap.putLong(offset + RingLayout.FIRST_PAYLOAD, geometry.payloads());
    heap.putLong(offset + RingLayout.BYTES, geometry.bytes());
    heap.putLongRelease(offset + RingLayout.MAGIC, RingLayout.MAGIC_VALUE);
  }

  /** Says what channel there is, for those who use it. */
  public static ChannelSpec find(Heap heap, long offset) {
    require(heap, offset);
    return look(heap, offset);
  }

  /** Says what channel there is, for those who only look. */
  public static ChannelSpec look(Heap heap, long offset) {
    requirePlace(heap, offset);
    long magic = heap.getLongAcquire(offset + RingLayout.MAGIC);
    int version = heap.getInt(offset + RingLayout.VERSION);
    if (magic != RingLayout.MAGIC_VALUE || version != RingLayout.CURRENT_VERSION) {
      heap.requireOpen(); // or what was read is nothing
      throw new NotAChannelException(
          String.format(
              Locale.ROOT,
              "%s has no channel at offset %d: found magic 0x%x and version %d, expected 0x%x and"
                  + " %d. Make one where there are zeros, with Channel.at",
              heap.path(),
              offset,
              magic,
              version,
              RingLayout.MAGIC_VALUE,
              RingLayout.CURRENT_VERSION));
    }
    ChannelSpec spec;
    try {
      spec = SpecificationLayout.decode(heap.getLong(offset + RingLayout.SPECIFICATION));
    } catch (IllegalArgumentException e) {
      heap.requireOpen(); // or what was read is nothing
      throw new NotAChannelException(
          "the channel at offset "
              + offset
              + " of "
              + heap.path()
              + " is damaged: "
              + e.getMessage());
    }
    long expected = spec.length(heap);
    long found = heap.getLong(offset + RingLayout.BYTES);
    if (found != expected) {
      heap.requireOpen(); // or what was read is nothing
      throw new NotAChannelException(
          "the channel at offset "
              + offset
              + " of "
              + heap.path()
              + " is damaged: found a length of "
              + found
              + " bytes, expected "
              + expected
              + " for "
              + spec);
    }
    heap.region(offset, expected);
    return spec;
  }

  /** Throws unless there can be a channel at an offset. */
  static void require(Heap heap, long offset) {
    if (heap.isPlain()) {
      heap.requireOpen(); // or what was read is nothing
      throw new NotAChannelException(
          heap.path() + " is a plain file, which has no participants: make a heap for channels");
    }
    heap.requireWritable();
    requirePlace(heap, offset);
  }

  private static void requirePlace(Heap heap, long offset) {
    if (heap.isPlain()) {
      heap.requireOpen(); // or what was read is nothing
      throw new NotAChannelException(
          heap.path() + " is a plain file, which has no participants: make a heap for channels");
    }
    if (offset % RingLayout.ALIGNMENT != 0) {
      throw new IllegalArgumentException(
          "found offset "
              + offset
              + ", expected a multiple of "
              + RingLayout.ALIGNMENT
              + " for a channel");
    }
  }

  private static String describe(long specification) {
    try {
      return SpecificationLayout.decode(specification).toString();
    } catch (IllegalArgumentException e) {
      return "something else";
    }
  }

  private static NotAChannelException mismatch(
      Heap heap, long offset, String found, ChannelSpec expected) {
    heap.requireOpen(); // or what was read is nothing
    return new NotAChannelException(
        "at offset "
            + offset
            + " of "
            + heap.path()
            + " is another channel: found "
            + found
            + ", expected "
            + expected
            + ". Use another place, or Channel.at, which takes what is there");
  }
}
