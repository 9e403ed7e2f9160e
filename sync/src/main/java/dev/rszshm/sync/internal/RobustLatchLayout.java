package dev.rszshm.sync.internal;

/**
 * A latch that knows its counters.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    4 number of counts, plus 2^31; 0: not made yet
 *      4    4 event count (EventCountLayout): a count was made
 *      8    … for each count 4 bytes: 0: nobody has registered for it; the tag of the participant that has;
 *             -1: made; -2: made in the place of a dead participant
 * </pre>
 */
public final class RobustLatchLayout {
  public static final int EVENTS = 4;
  static final int COUNTS = 8;
  public static final int MAX_COUNT = 1 << 20;

  public static final int OPEN = 0;
  public static final int COUNTED = -1;
  public static final int LOST = -2;

  private static final int MADE = 1 << 31;

  /** Returns the first word of a latch with so many counts. */
  public static int word(int count) {
    return MADE | count;
  }

  /** Returns how many counts a latch has, by its first word; -1 if that is none. */
  public static int count(int word) {
    int count = word & ~MADE;
    return (word & MADE) != 0 && count <= MAX_COUNT ? count : -1;
  }

  /** Returns where the word of a count is. */
  public static long offset(int count) {
    return COUNTS + (long) count * Integer.BYTES;
  }

  /** Returns whether a count has been made, by somebody or for the dead. */
  public static boolean isMade(int count) {
    return count == COUNTED || count == LOST;
  }

  private RobustLatchLayout() {}
}
