package dev.rszshm.allocator.internal.table;

/**
 * A lane: the place of one allocating thread. Lanes count from 1.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 lane word: state (bits 60-63: 0 free, 1 live, 2 being recovered), participant slot of
 *             its owner, or of who recovers it (30-49), generation of that participant (0-29)
 *    128    8 chunk + 1 whose hints may be wrong if the lane dies now; 0: none
 *    256    8 record word: sequence (8-63), operation (4-7; 0: none), state (0-3)
 *    264    8 offset of the slot that is written
 *    272    8 offset of the slot that is moved from; of other operations, first chunk of the block
 *    280    8 offset of the block
 *    288    8 owner word of the block's chunk at the time
 *    296    8 what the slot held
 * </pre>
 */
public final class LaneLayout {
  public static final int WORD = 0;
  public static final int PENDING = 128;
  public static final int RECORD = 256;
  public static final int DESTINATION = 264;
  public static final int SOURCE = 272;
  public static final int BLOCK = 280;
  public static final int BLOCK_OWNER = 288;
  public static final int PREVIOUS = 296;

  public static final int LENGTH = 512;

  public static final int FREE = 0;
  public static final int LIVE = 1;
  public static final int RECOVERING = 2;

  private static final int STATE_SHIFT = 60;
  private static final int SLOT_SHIFT = 30;
  private static final long SLOT_MASK = (1 << 20) - 1;
  private static final long GENERATION_MASK = (1 << 30) - 1;

  private LaneLayout() {}

  public static long word(int state, int participant, int generation) {
    return (long) state << STATE_SHIFT | (long) participant << SLOT_SHIFT | generation;
  }

  public static int state(long word) {
    return (int) (word >>> STATE_SHIFT);
  }

  public static int participant(long word) {
    return (int) (word >>> SLOT_SHIFT & SLOT_MASK);
  }

  public static int generation(long word) {
    return (int) (word & GENERATION_MASK);
  }
}
