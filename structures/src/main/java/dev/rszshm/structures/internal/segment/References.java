package dev.rszshm.structures.internal.segment;

/**
 * Words of slots that hold a reference, in the form of the allocator: offset of the block divided
 * by 16 above bit 24, and 3 in the three lowest bits if whoever has put it there is done with it.
 */
public final class References {
  private static final int FORM_MASK = 7;
  private static final int CLEAN = 3;
  private static final int GRANULE_SHIFT = 24;
  private static final int OFFSET_SHIFT = 20;

  private References() {}

  /** Returns whether a word is a reference that no operation of the allocator will change. */
  public static boolean isClean(long word) {
    return (word & FORM_MASK) == CLEAN;
  }

  /** Returns a reference, which others may be making clean, as it is then. */
  public static long clean(long word) {
    return (word & ~FORM_MASK) | CLEAN;
  }

  /** Returns the offset of the block of a clean reference. */
  public static long block(long word) {
    return word >>> GRANULE_SHIFT << (GRANULE_SHIFT - OFFSET_SHIFT);
  }
}
