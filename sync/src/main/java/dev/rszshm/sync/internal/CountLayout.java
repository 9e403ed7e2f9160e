package dev.rszshm.sync.internal;

/**
 * A semaphore, or a latch.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    4 semaphore: permits that can be had; latch: counts that are left
 *      4    4 the most there can be, plus 2^31; 0: not made yet
 *      8    4 event count (EventCountLayout): the first number has changed
 *     12    4 reserved
 * </pre>
 *
 * The first 8 bytes are one word, which is made, changed and read as one.
 */
public final class CountLayout {
  public static final int EVENTS = 8;
  public static final int LENGTH = 16;

  private static final long MADE = 1L << 63;
  private static final long VALUE = 0x7fff_ffffL;

  public static long word(int value, int max) {
    return MADE | (long) max << Integer.SIZE | value;
  }

  public static boolean isMade(long word) {
    return word < 0 && value(word) <= max(word);
  }

  public static int value(long word) {
    return (int) (word & VALUE);
  }

  public static int max(long word) {
    return (int) (word >>> Integer.SIZE & VALUE);
  }

  private CountLayout() {}
}
