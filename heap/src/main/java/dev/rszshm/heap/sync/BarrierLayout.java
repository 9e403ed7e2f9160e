package dev.rszshm.heap.sync;

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
final class BarrierLayout {
  static final int EVENTS = 8;
  static final int PARTIES = 12;
  static final int LAST_RESET = 16;
  static final int MEMBERS = 24;
  static final int MAX_PARTIES = 0x7fff;

  /** Nobody has arrived in round 0, and the barrier is whole. */
  static final long MADE = 1L << 63;

  static final long BROKEN = 1L << 62;
  static final long ONE_ARRIVED = 1L << 47;

  private static final int ARRIVED_SHIFT = 47;
  private static final long ROUND = ONE_ARRIVED - 1;

  /** The next round, in which nobody has arrived, of a barrier that is whole. */
  static long next(long word) {
    return MADE | (word + 1 & ROUND);
  }

  static boolean isMade(long word) {
    return word < 0;
  }

  static boolean isBroken(long word) {
    return (word & BROKEN) != 0;
  }

  static int arrived(long word) {
    return (int) (word >>> ARRIVED_SHIFT) & MAX_PARTIES;
  }

  static long round(long word) {
    return word & ROUND;
  }

  static long member(int party) {
    return MEMBERS + (long) party * Integer.BYTES;
  }

  private BarrierLayout() {}
}
