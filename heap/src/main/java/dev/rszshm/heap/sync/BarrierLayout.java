package dev.rszshm.heap.sync;

/**
 * A barrier.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 state: bits 0-23 the round, 24-31 how often it was reset, 32-46 how many have arrived, 47-61
 *              the parties, 62 broken, 63 made
 *      8    4 event count (EventCountLayout): a round has ended, or the barrier has broken
 *     12    4 reserved
 *     16    … for each party 4 bytes: the tag of a participant that takes part; 0: not known
 * </pre>
 */
final class BarrierLayout {
  static final int EVENTS = 8;
  static final int MEMBERS = 16;
  static final int MAX_PARTIES = 0x7fff;

  static final long BROKEN = 1L << 62;
  static final long ONE_ARRIVED = 1L << 32;

  private static final long MADE = 1L << 63;
  private static final int PARTIES_SHIFT = 47;
  private static final int ARRIVED_SHIFT = 32;
  private static final int ONE_RESET = 1 << 24;
  private static final int ROUND = ONE_RESET - 1;

  /** Nobody has arrived, and the barrier is whole. */
  static long made(int parties) {
    return word(parties, 0);
  }

  private static long word(int parties, int round) {
    return MADE | (long) parties << PARTIES_SHIFT | Integer.toUnsignedLong(round);
  }

  /** The next round, because all have arrived. */
  static long next(long word) {
    int round = round(word);
    return word(parties(word), (round & ~ROUND) | (round + 1 & ROUND));
  }

  static long reset(long word) {
    return word(parties(word), round(word) + ONE_RESET);
  }

  static boolean isMade(long word) {
    return word < 0 && arrived(word) < parties(word);
  }

  static int parties(long word) {
    return (int) (word >>> PARTIES_SHIFT) & MAX_PARTIES;
  }

  static int arrived(long word) {
    return (int) (word >>> ARRIVED_SHIFT) & MAX_PARTIES;
  }

  /** Names the round: no two between two resets, or on both sides of one, have the same name. */
  static int round(long word) {
    return (int) word;
  }

  static boolean isResetBetween(int round, int later) {
    return (round & ~ROUND) != (later & ~ROUND);
  }

  static long member(int party) {
    return MEMBERS + (long) party * Integer.BYTES;
  }

  private BarrierLayout() {}
}
