package dev.rszshm.structures.topic;

/**
 * What is where in a topic. Offsets count from its beginning, a multiple of 128.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 magic; written last
 *      8    8 options: bit 63 set, bit 62 overwriting, bits 0-31 number of places for subscribers
 *     16    4 version
 *     24    8 offset of the ring
 *     32    8 bytes of it all
 *    128      places for subscribers, of 128 bytes each: tag of the subscriber (8; 0: free), cursor:
 *             position of the next message it receives (8)
 *             the ring: a channel (RingLayout), of which nobody receives
 * </pre>
 */
public final class TopicLayout {
  static final int SUBSCRIBERS = 128;

  static final int SUBSCRIBER_LENGTH = 128;
  static final int TAG = 0;
  static final int CURSOR = 8;

  /** "RSZTOPIC" read as a little-endian number. */
  static final long MAGIC_VALUE = 0x4349_504f_545a_5352L;

  static final int CURRENT_VERSION = 1;

  private static final long MADE = 1L << 63;
  private static final long OVERWRITING = 1L << 62;
  private static final long SUBSCRIBERS_MASK = 0xffff_ffffL;

  static long options(boolean overwriting, int subscribers) {
    return MADE | (overwriting ? OVERWRITING : 0) | subscribers;
  }

  static boolean isOverwriting(long options) {
    return (options & OVERWRITING) != 0;
  }

  static int subscribers(long options) {
    return (int) (options & SUBSCRIBERS_MASK);
  }

  /** The offset of the ring. */
  static long ring(int subscribers) {
    return SUBSCRIBERS + (long) subscribers * SUBSCRIBER_LENGTH;
  }

  private TopicLayout() {}
}
