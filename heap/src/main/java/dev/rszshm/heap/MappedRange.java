package dev.rszshm.heap;

import org.jspecify.annotations.Nullable;

/**
 * The offsets an access may touch without another look, in the form in which one comparison
 * decides.
 *
 * <p>An offset {@code o} with {@code n} bytes is inside if {@code 0 <= o - lower <= size - n}. As
 * {@code n <= 8 <= size}, that is one unsigned comparison; and adding 2^63 to both sides makes it a
 * signed one, whose left side is one addition and whose right side a loop computes once: {@code o +
 * bias <= edge - n}.
 *
 * <p>A word of 8 bytes that must be aligned is decided upon by one comparison as well. Let {@code
 * d} be the distance of its address from the first aligned one inside, plus 4: {@code o +
 * longBias}. Rotated right by 3, it is 2^63 plus the number of the word if the word is aligned; if
 * not, the highest three bits are others than 100, and the number is greater than all of these. So
 * the word is aligned and inside if {@code rotate(o + longBias, 3) < longLimit}. With 4 bytes, the
 * same with 2.
 */
final class MappedRange {
  /** No range is shorter: the right side of the comparison must not underflow. */
  private static final long MIN_LENGTH = Long.BYTES;

  /** Address of offset 0. */
  final long base;

  /** 2^63 less the first offset inside. */
  final long bias;

  /** 2^63 more than the number of bytes inside. */
  final long edge;

  /** End of the offsets inside. */
  final long end;

  /** 4 more than the distance of offset 0 from the first aligned word of 8 bytes inside. */
  final long longBias;

  /** 2^63 more than the number of aligned words of 8 bytes inside. */
  final long longLimit;

  /** As {@link #longBias}, of 4 bytes: 2 more than the distance. */
  final long intBias;

  /** As {@link #longLimit}, of 4 bytes. */
  final long intLimit;

  private MappedRange(long base, long lower, long end) {
    this.base = base;
    this.bias = Long.MIN_VALUE - lower;
    this.edge = Long.MIN_VALUE + (end - lower);
    this.end = end;
    long first = base + lower;
    this.longBias = base - up(first, Long.BYTES) + Long.BYTES / 2;
    this.longLimit = Long.MIN_VALUE + words(first, base + end, Long.BYTES);
    this.intBias = base - up(first, Integer.BYTES) + Integer.BYTES / 2;
    this.intLimit = Long.MIN_VALUE + words(first, base + end, Integer.BYTES);
  }

  private static long up(long address, int length) {
    return (address + length - 1) & -length;
  }

  /** Number of aligned words between two addresses. */
  private static long words(long first, long end, int length) {
    return Math.max(0, end - up(first, length)) / length;
  }

  /** Whether a value that must be aligned is inside, and is; of 4 or 8 bytes. */
  boolean holdsWord(long offset, int length) {
    return length == Long.BYTES
        ? Long.rotateRight(offset + longBias, 3) < longLimit
        : Long.rotateRight(offset + intBias, 2) < intLimit;
  }

  /** Returns the range from one offset to another, or null if it is too small to be one. */
  static @Nullable MappedRange of(long base, long lower, long end) {
    return end - lower < MIN_LENGTH ? null : new MappedRange(base, lower, end);
  }
}
