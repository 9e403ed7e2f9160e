package dev.rszshm.allocator.internal.table;

/**
 * Hints: which chunks may be empty, and which may be slabs with room.
 *
 * <pre>
 * Group, for 64 chunks
 * OFFSET SIZE DESCRIPTION
 *      0    8 a bit for each chunk that may be empty
 *      8  416 for each size class, a bit for each chunk that may begin a slab with room
 *
 * Summary: for each kind (0: empty, 1 + size class: with room) one word for 64 groups, and in it a
 * bit for each group that may have a bit set.
 * </pre>
 */
public final class HintLayout {
  public static final int KINDS = 1 + SizeClasses.COUNT;
  public static final int EMPTY = 0;
  public static final int GROUP_LENGTH = 8 * KINDS;
  public static final int GROUP_SHIFT = 6;

  private HintLayout() {}

  public static int partial(int sizeClass) {
    return 1 + sizeClass;
  }
}
