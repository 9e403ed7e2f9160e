package dev.rszshm.heap;

import dev.rszshm.heap.internal.map.Closing;
import dev.rszshm.heap.internal.map.Span;
import dev.rszshm.heap.spi.Memory;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.heap.spi.SystemCalls;
import org.jspecify.annotations.Nullable;

/**
 * Turns offsets into addresses, and lets none through that is not mapped.
 *
 * <p>Offsets of the whole heap count from its base; those below the data offset (the header and the
 * tables) are out of bounds, so offset 0 can stand for "nothing". Offsets of a region count from
 * its beginning.
 *
 * <p>The fast path is one comparison with the {@link MappedRange} and two fields, which a loop
 * reads once; {@link Closing} makes it read them again when that matters. Whatever fails goes to
 * {@link #slowAddress}, which catches up with growth or throws.
 */
abstract sealed class BoundsCheck permits PlainAccess {
  final Memory memory;
  final SystemCalls calls;
  final Span span;
  private final long origin;
  private final long lower;
  private final long upper;

  /** What can be touched without another look; only ever a part of what the heap has mapped. */
  private @Nullable MappedRange mapped;

  /** The same if it may be written; otherwise null. */
  private @Nullable MappedRange writable;

  /**
   * Sets bounds.
   *
   * @param origin offset in the heap of offset 0
   * @param lower first offset that may be used
   * @param upper end of the offsets that may be used
   */
  BoundsCheck(Platform platform, Span span, long origin, long lower, long upper) {
    this.memory = platform.memory();
    this.calls = platform.calls();
    this.span = span;
    this.origin = origin;
    this.lower = lower;
    this.upper = upper;
    lookAtMapped();
  }

  private void lookAtMapped() {
    mapped = MappedRange.of(span.base + origin, lower, mappedEnd());
    writable = span.mapping().isWriting() ? mapped : null;
  }

  /**
   * The address of a value that may be read.
   *
   * @param length 1 to 8
   */
  final long readAddress(long offset, int length) {
    boolean closing = Closing.happened();
    MappedRange range = mapped;
    if (range == null || offset + range.bias > range.edge - length || (closing && span.closed)) {
      return slowAddress(offset, length, false);
    }
    return range.base + offset;
  }

  /**
   * The address of a value that may be written.
   *
   * @param length 1 to 8
   */
  final long writeAddress(long offset, int length) {
    return writeAddress(offset, length, true);
  }

  /** As above; what is private to this process may be allowed or not. */
  private long writeAddress(long offset, int length, boolean privately) {
    boolean closing = Closing.happened();
    MappedRange range = writable;
    if (range == null || offset + range.bias > range.edge - length || (closing && span.closed)) {
      if (!privately) {
        span.requireShared();
      }
      return slowAddress(offset, length, true);
    }
    return range.base + offset;
  }

  /** The address of any number of bytes that may be read. */
  final long rangeToRead(long offset, long length) {
    return slowAddress(offset, length, false);
  }

  /** The address of any number of bytes that may be written. */
  final long rangeToWrite(long offset, long length) {
    return slowAddress(offset, length, true);
  }

  /** Whether all offsets below an end can be touched without another look. */
  final boolean reaches(long end) {
    boolean closing = Closing.happened();
    MappedRange range = mapped;
    return range != null && end <= range.end && !(closing && span.closed);
  }

  /** The address of a word that may be read whole. */
  final long alignedReadAddress(long offset, int length) {
    if (length < Integer.BYTES) {
      return requireAligned(offset, readAddress(offset, length), length);
    }
    boolean closing = Closing.happened();
    MappedRange range = mapped;
    if (range == null || !range.holdsWord(offset, length) || (closing && span.closed)) {
      return requireAligned(offset, readAddress(offset, length), length);
    }
    return range.base + offset;
  }

  /**
   * The address of a word that may be written whole, for others to see: an order means nothing to
   * who is alone, and who takes a lock in pages of its own has not got it.
   */
  final long alignedWriteAddress(long offset, int length) {
    if (length < Integer.BYTES) {
      return requireAligned(offset, writeAddress(offset, length, false), length);
    }
    boolean closing = Closing.happened();
    MappedRange range = writable;
    if (range == null || !range.holdsWord(offset, length) || (closing && span.closed)) {
      return requireAligned(offset, writeAddress(offset, length, false), length);
    }
    return range.base + offset;
  }

  private long requireAligned(long offset, long address, int length) {
    if ((address & (length - 1)) != 0) {
      throw new IllegalArgumentException(
          "offset "
              + offset
              + (origin == 0 ? "" : " of the region at " + origin)
              + " is not aligned: an ordered or atomic access of "
              + length
              + " bytes needs a multiple of "
              + length);
    }
    return address;
  }

  private long slowAddress(long offset, long length, boolean toWrite) {
    if (length < 0) {
      throw new IllegalArgumentException("a length of " + length + " bytes is negative");
    }
    if (offset < lower || offset > upper - length) {
      span.requireOpen();
      throw new IndexOutOfBoundsException(
          "offset "
              + offset
              + " with "
              + length
              + " bytes lies outside "
              + describe()
              + ", which goes from "
              + lower
              + " to "
              + upper);
    }
    long address = span.slowAddress(origin + offset, length, toWrite);
    if (mapped == null || mapped.end < mappedEnd()) {
      lookAtMapped();
    }
    return address;
  }

  /** End of the offsets that are mapped now. */
  private long mappedEnd() {
    return Math.min(upper, span.mapped() - origin);
  }

  /** First offset that may be used. */
  final long lower() {
    return lower;
  }

  /** End of the offsets that may ever be used. */
  final long upper() {
    return upper;
  }

  /** Offset in the heap of this offset. */
  final long absolute(long offset) {
    return origin + offset;
  }

  /** What this is, for messages. */
  abstract String describe();
}
