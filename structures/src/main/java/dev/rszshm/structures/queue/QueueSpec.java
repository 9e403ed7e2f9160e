package dev.rszshm.structures.queue;

/**
 * How a queue is made. All processes name the same.
 *
 * <pre>{@code
 * QueueSpec.unbounded()
 * QueueSpec.bounded(1000).withSegmentLength(65_536)
 * }</pre>
 *
 * @param capacity the most elements; 0 for any number, up to 2^47 - 1
 * @param segmentLength bytes of each block that elements lie in, a multiple of 64 from 256 to
 *     65,536. An element of more than a quarter of it has a block of its own
 */
public record QueueSpec(long capacity, int segmentLength) {
  /** The segment length unless another is named. */
  public static final int DEFAULT_SEGMENT_LENGTH = 8192;

  /** The smallest segment length. */
  public static final int MIN_SEGMENT_LENGTH = 256;

  /** The greatest segment length. */
  public static final int MAX_SEGMENT_LENGTH = 65_536;

  /** The greatest capacity. */
  public static final long MAX_CAPACITY = (1L << 47) - 1;

  private static final int UNIT = 64;
  private static final int CAPACITY_SHIFT = 16;
  private static final int UNITS_MASK = 0xffff;

  /** Checks the numbers. */
  public QueueSpec {
    if (capacity < 0 || capacity > MAX_CAPACITY) {
      throw new IllegalArgumentException(
          "found a capacity of "
              + capacity
              + " elements, expected 0, which means any number, to "
              + MAX_CAPACITY);
    }
    if (segmentLength < MIN_SEGMENT_LENGTH
        || segmentLength > MAX_SEGMENT_LENGTH
        || segmentLength % UNIT != 0) {
      throw new IllegalArgumentException(
          "found segments of "
              + segmentLength
              + " bytes, expected a multiple of 64 from "
              + MIN_SEGMENT_LENGTH
              + " to "
              + MAX_SEGMENT_LENGTH);
    }
  }

  /** Returns a queue with as many elements as there is memory for. */
  public static QueueSpec unbounded() {
    return new QueueSpec(0, DEFAULT_SEGMENT_LENGTH);
  }

  /**
   * Returns a queue with so many elements at most, which makes those wait who put more.
   *
   * @throws IllegalArgumentException if the capacity is not positive
   */
  public static QueueSpec bounded(long capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException(
          "found a capacity of " + capacity + " elements, expected 1 or more");
    }
    return new QueueSpec(capacity, DEFAULT_SEGMENT_LENGTH);
  }

  /** Returns the same with another segment length. */
  public QueueSpec withSegmentLength(int bytes) {
    return new QueueSpec(capacity, bytes);
  }

  /** Whether there is a limit to the number of elements. */
  boolean isBounded() {
    return capacity != 0;
  }

  /** The word of the layout that says it all; not 0. */
  long encode() {
    return capacity << CAPACITY_SHIFT | segmentLength / UNIT;
  }

  /**
   * What a word of the layout says.
   *
   * @throws IllegalArgumentException if it says nothing
   */
  static QueueSpec decode(long word) {
    return new QueueSpec(word >>> CAPACITY_SHIFT, (int) (word & UNITS_MASK) * UNIT);
  }
}
