package dev.rszshm.structures.internal.segment;

/**
 * Words of slots that hold a reference, in the form of the allocator: offset of the block divided
 * by 16 above bit 24, and in the three lowest bits 3 if whoever has put it there is known to be
 * done with it, 5 if not: then it is settled before it is put elsewhere (SettledSlot).
 */
public final class References {
  private static final int FORM_MASK = 7;
  private static final int CLEAN = 3;
  private static final int FRESH = 5;
  private static final int GRANULE_SHIFT = 24;
  private static final int OFFSET_SHIFT = 20;

  private References() {}

  /** Returns whether a word is a reference, clean or as it was allocated into its slot. */
  public static boolean isReference(long word) {
    long form = word & FORM_MASK;
    return form == CLEAN || form == FRESH;
  }

  /** Returns whether a word is a reference that no operation of the allocator will change. */
  public static boolean isClean(long word) {
    return (word & FORM_MASK) == CLEAN;
  }

  /**
   * Returns a reference as it is when it is clean. That of a slot into which the caller has just
   * allocated a block is as good as clean: that operation has ended.
   */
  public static long clean(long word) {
    return (word & ~FORM_MASK) | CLEAN;
  }

  /** Returns the offset of the block of a reference. */
  public static long block(long word) {
    return word >>> GRANULE_SHIFT << (GRANULE_SHIFT - OFFSET_SHIFT);
  }
}
