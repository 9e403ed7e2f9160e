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

  private MappedRange(long base, long lower, long end) {
    this.base = base;
    this.bias = Long.MIN_VALUE - lower;
    this.edge = Long.MIN_VALUE + (end - lower);
    this.end = end;
  }

  /** Returns the range from one offset to another, or null if it is too small to be one. */
  static @Nullable MappedRange of(long base, long lower, long end) {
    return end - lower < MIN_LENGTH ? null : new MappedRange(base, lower, end);
  }
}
