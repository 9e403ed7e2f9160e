package dev.rszshm.allocator;

/**
 * What a slot holds: 0, or the reference of a block, or a mark that somebody is emptying it.
 *
 * <pre>
 *  63                                20 19        8 7          1   0
 *  +----------------------------------+-----------+------------+-----+
 *  | offset of the block / 16         |   lane    |  sequence  |fresh|
 *  +----------------------------------+-----------+------------+-----+
 * </pre>
 *
 * <p>Lane and sequence say which operation has put it there. Fresh: that operation may not know yet
 * that it has succeeded. A mark has no offset.
 */
final class Reference {
  static final long FRESH = 1;

  private static final int OFFSET_SHIFT = 20 - SizeClasses.GRANULE_SHIFT;
  private static final int LANE_SHIFT = 8;
  private static final int SEQUENCE_SHIFT = 1;
  private static final long SEQUENCE_MASK = 0x7f;

  private Reference() {}

  static long fresh(long block, int lane, long sequence) {
    return block << OFFSET_SHIFT | mark(lane, sequence) | FRESH;
  }

  /** The mark of an operation that empties a slot. */
  static long mark(int lane, long sequence) {
    return (long) lane << LANE_SHIFT | (sequence & SEQUENCE_MASK) << SEQUENCE_SHIFT;
  }

  static long clean(long reference) {
    return reference & ~FRESH;
  }

  /** The block; 0 if there is none. */
  static long block(long reference) {
    return reference >>> 20 << SizeClasses.GRANULE_SHIFT;
  }

  static boolean isFresh(long reference) {
    return (reference & FRESH) != 0;
  }

  static int lane(long reference) {
    return (int) (reference >>> LANE_SHIFT) & OwnerWord.MOST_LANES;
  }

  /** Whether a reference is that of the operation with this sequence. */
  static boolean isOf(long reference, long sequence) {
    return (reference >>> SEQUENCE_SHIFT & SEQUENCE_MASK) == (sequence & SEQUENCE_MASK);
  }
}
