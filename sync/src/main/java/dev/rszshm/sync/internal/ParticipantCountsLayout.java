package dev.rszshm.sync.internal;

/**
 * Counts of the participants.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    … for each participant slot 8 bytes: bits 0-31 the count, bits 32-63 the tag of the
 *               participant whose it is; 0: none
 * </pre>
 */
final class ParticipantCountsLayout {
  static final long MOST = 0xffff_ffffL;

  static long offset(int slot) {
    return (long) slot * Long.BYTES;
  }

  static long word(int tag, long count) {
    return (long) tag << Integer.SIZE | count;
  }

  static long count(long word) {
    return word & MOST;
  }

  static int tag(long word) {
    return (int) (word >>> Integer.SIZE);
  }

  private ParticipantCountsLayout() {}
}
