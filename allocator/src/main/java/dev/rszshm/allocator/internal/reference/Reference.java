package dev.rszshm.allocator.internal.reference;

import dev.rszshm.allocator.internal.table.OwnerWord;
import dev.rszshm.allocator.internal.table.SizeClasses;

/**
 * What a slot holds: 0, or the reference of a block, or a mark that somebody is emptying it.
 *
 * <pre>
 *  63                             24 23        12 11        3 2    0
 *  +--------------------------------+------------+-----------+------+
 *  | offset of the block / 16       |    lane    |  sequence | form |
 *  +--------------------------------+------------+-----------+------+
 * </pre>
 *
 * <p>Lane and sequence say which operation has put it there. The form is {@link #CLEAN}, {@link
 * #FRESH}: if that operation is under way, it may not know yet that it has succeeded, or {@link
 * #MARK}: then a number that no block has stands for the offset. Any other word is no slot's.
 *
 * <p>40 bits for the offset are 16 TiB, more than there can be chunks. The sequence is short, and
 * nothing depends on how long it is: see ManagedReferences.
 */
public final class Reference {
  static final int CLEAN = 3;
  static final int FRESH = 5;
  static final int MARK = 6;

  private static final long FORM_MASK = 7;
  private static final int SEQUENCE_SHIFT = 3;
  private static final int LANE_SHIFT = 12;
  private static final int GRANULE_SHIFT = 24;
  private static final int OFFSET_SHIFT = GRANULE_SHIFT - SizeClasses.GRANULE_SHIFT;
  private static final long SEQUENCE_MASK = (1 << 9) - 1;
  private static final long MARK_GRANULE = 0xf0_6d61_726bL;

  private Reference() {}

  public static long fresh(long block, int lane, long sequence) {
    return block << OFFSET_SHIFT | by(lane, sequence) | FRESH;
  }

  /** The mark of an operation that empties a slot. */
  public static long mark(int lane, long sequence) {
    return MARK_GRANULE << GRANULE_SHIFT | by(lane, sequence) | MARK;
  }

  private static long by(int lane, long sequence) {
    return (long) lane << LANE_SHIFT | (sequence & SEQUENCE_MASK) << SEQUENCE_SHIFT;
  }

  public static long clean(long reference) {
    return (reference & ~FORM_MASK) | CLEAN;
  }

  /** The block; 0 if there is none. */
  public static long block(long word) {
    return isReference(word) ? word >>> GRANULE_SHIFT << SizeClasses.GRANULE_SHIFT : 0;
  }

  private static boolean isReference(long word) {
    long form = word & FORM_MASK;
    return form == CLEAN || form == FRESH;
  }

  public static boolean isFresh(long word) {
    return (word & FORM_MASK) == FRESH;
  }

  public static boolean isMark(long word) {
    return (word & FORM_MASK) == MARK && word >>> GRANULE_SHIFT == MARK_GRANULE;
  }

  public static int lane(long word) {
    return (int) (word >>> LANE_SHIFT) & OwnerWord.MAX_LANES;
  }

  /** Whether a reference or a mark is that of the operation with this sequence. */
  public static boolean isOf(long word, long sequence) {
    return (word >>> SEQUENCE_SHIFT & SEQUENCE_MASK) == (sequence & SEQUENCE_MASK);
  }
}
