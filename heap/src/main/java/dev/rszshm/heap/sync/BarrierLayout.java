package dev.rszshm.heap.sync;

/**
 * A barrier.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 state: bits 0-31 the round, 32-46 how many have arrived, 47-61 the parties, 62 broken, 63 made
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

  /** Nobody has arrived, and the barrier is whole. */
  static long word(int parties, int round) {
    return MADE | (long) parties << PARTIES_SHIFT | Integer.toUnsignedLong(round);
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

  static int round(long word) {
    return (int) word;
  }

  static long member(int party) {
    return MEMBERS + (long) party * Integer.BYTES;
  }

  private BarrierLayout() {}
}
