package dev.rszshm.heap;

/**
 * Helps to lay data out: alignment, and the distance that keeps threads from slowing each other
 * down. docs/ALIGNMENT.md says what it is worth, with figures.
 */
public final class Layouts {
  /**
   * The bytes of a cache line of x86-64 and of most arm64 processors: what they fetch, and take
   * away from each other, at a time. Data that is read together belongs into one line.
   */
  public static final int CACHE_LINE = 64;

  /**
   * The distance in bytes at which two words that different threads write do not disturb each
   * other: two cache lines, because processors fetch the next line as well.
   */
  public static final int SEPARATION = 2 * CACHE_LINE;

  private Layouts() {}

  /**
   * Returns the least multiple of an alignment that is not less than an offset or length.
   *
   * @param offset not negative
   * @param alignment a power of two
   * @throws IllegalArgumentException if the offset is negative, or the alignment no power of two
   * @throws ArithmeticException if there is none below 2^63
   */
  public static long alignUp(long offset, long alignment) {
    return Math.addExact(requireNotNegative(offset), requirePowerOfTwo(alignment) - 1) & -alignment;
  }

  /**
   * Returns the greatest multiple of an alignment that is not greater than an offset.
   *
   * @throws IllegalArgumentException if the offset is negative, or the alignment no power of two
   */
  public static long alignDown(long offset, long alignment) {
    return requireNotNegative(offset) & -requirePowerOfTwo(alignment);
  }

  /**
   * Returns whether an offset is a multiple of an alignment.
   *
   * @throws IllegalArgumentException if the offset is negative, or the alignment no power of two
   */
  public static boolean isAligned(long offset, long alignment) {
    return alignDown(offset, alignment) == offset;
  }

  private static long requireNotNegative(long offset) {
    if (offset < 0) {
      throw new IllegalArgumentException("an offset is not negative, found " + offset);
    }
    return offset;
  }

  private static long requirePowerOfTwo(long alignment) {
    if (alignment < 1 || Long.bitCount(alignment) != 1) {
      throw new IllegalArgumentException("an alignment must be a power of two, found " + alignment);
    }
    return alignment;
  }
}
