package dev.rszshm.heap;

import dev.rszshm.heap.memory.Memory;
import dev.rszshm.heap.os.SystemCalls;

/**
 * Turns offsets into addresses, and lets none through that is not mapped.
 *
 * <p>Offsets of the whole heap count from its base; those below the data offset (the header and the
 * tables) are out of bounds, so offset 0 can stand for "nothing". Offsets of a region count from
 * its beginning. The fast path is two or three comparisons; whatever fails them goes to {@link
 * Span#slowAddress}, which catches up with growth or throws.
 */
abstract sealed class Bounds permits PlainAccess {
  final Memory memory;
  final SystemCalls calls;
  final Span span;
  private final long origin;
  private final long lower;
  private final long upper;

  /**
   * Sets bounds.
   *
   * @param origin offset in the heap of offset 0
   * @param lower first offset that may be used
   * @param upper end of the offsets that may be used
   */
  Bounds(Platform platform, Span span, long origin, long lower, long upper) {
    this.memory = platform.memory();
    this.calls = platform.calls();
    this.span = span;
    this.origin = origin;
    this.lower = lower;
    this.upper = upper;
  }

  /** The address of bytes that may be read. */
  final long readAddress(long offset, long length) {
    long absolute = origin + offset;
    if (offset < lower || offset > upper - length || absolute > span.readable - length) {
      return slowAddress(offset, length, false);
    }
    return span.base + absolute;
  }

  /** The address of bytes that may be written. */
  final long writeAddress(long offset, long length) {
    long absolute = origin + offset;
    if (offset < lower || offset > upper - length || absolute > span.writable - length) {
      return slowAddress(offset, length, true);
    }
    return span.base + absolute;
  }

  /** The address of a word that may be read whole. */
  final long alignedReadAddress(long offset, int length) {
    return requireAligned(offset, readAddress(offset, length), length);
  }

  /** The address of a word that may be written whole. */
  final long alignedWriteAddress(long offset, int length) {
    return requireAligned(offset, writeAddress(offset, length), length);
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
      throw new IllegalArgumentException(
          "a length of " + length + " bytes was asked for: it cannot be negative");
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
    return span.slowAddress(origin + offset, length, toWrite);
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
