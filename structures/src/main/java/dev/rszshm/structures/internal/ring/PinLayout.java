package dev.rszshm.structures.internal.ring;

/**
 * The first word of a pin ({@link RingLayout#PINS}).
 *
 * <pre>
 * BITS    DESCRIPTION
 *  0-29   tag of the holder; 0: nobody
 * 30-57   in a channel with acknowledged receipts: length of the message in bytes
 * 58-63   there: how often the message was delivered; 63: so often or more
 * </pre>
 */
final class PinLayout {
  static final int MAX_DELIVERIES = 63;

  private static final int LENGTH_SHIFT = 30;
  private static final int DELIVERIES_SHIFT = 58;
  private static final long TAG_MASK = (1L << LENGTH_SHIFT) - 1;

  private PinLayout() {}

  static long word(int tag, int length, int deliveries) {
    return (long) Math.min(deliveries, MAX_DELIVERIES) << DELIVERIES_SHIFT
        | (long) length << LENGTH_SHIFT
        | tag;
  }

  static int tag(long word) {
    return (int) (word & TAG_MASK);
  }

  static int length(long word) {
    return (int) (word >>> LENGTH_SHIFT) & Header.MAX_LENGTH;
  }

  static int deliveries(long word) {
    return (int) (word >>> DELIVERIES_SHIFT);
  }
}
