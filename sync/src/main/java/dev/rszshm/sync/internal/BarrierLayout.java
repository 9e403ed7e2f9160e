package dev.rszshm.sync.internal;

/**
 * A barrier.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 state: bits 0-46 the round, 47-61 how many have arrived in it, 62 broken, 63 made
 *      8    4 event count (EventCountLayout): a round has ended, or the barrier has broken
 *     12    4 the parties, set before the state
 *     16    8 the last round that began with a reset
 *     24    … for each party 4 bytes: the tag of a participant that takes part; 0: not known
 * </pre>
 */
public final class BarrierLayout {
  public static final int EVENTS = 8;
  public static final int PARTIES = 12;
  public static final int LAST_RESET = 16;
  static final int MEMBERS = 24;
  public static final int MAX_PARTIES = 0x7fff;

  /** Nobody has arrived in round 0, and the barrier is whole. */
  public static final long MADE = 1L << 63;

  public static final long BROKEN = 1L << 62;
  public static final long ONE_ARRIVED = 1L << 47;

  private static final int ARRIVED_SHIFT = 47;
  private static final long ROUND = ONE_ARRIVED - 1;

  /** The next round, in which nobody has arrived, of a barrier that is whole. */
  public static long next(long word) {
    return MADE | (word + 1 & ROUND);
  }

  public static boolean isMade(long word) {
    return word < 0;
  }

  public static boolean isBroken(long word) {
    return (word & BROKEN) != 0;
  }

  public static int arrived(long word) {
    return (int) (word >>> ARRIVED_SHIFT) & MAX_PARTIES;
  }

  public static long round(long word) {
    return word & ROUND;
  }

  public static long member(int party) {
    return MEMBERS + (long) party * Integer.BYTES;
  }

  private BarrierLayout() {}
}
