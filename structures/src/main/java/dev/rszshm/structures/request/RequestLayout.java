package dev.rszshm.structures.request;

import dev.rszshm.structures.internal.ring.RingLayout;

/**
 * What is where in a request channel. Offsets count from its beginning, a multiple of 128.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 magic; written last
 *      8    8 options: bit 63 set, bits 32-60 bytes of the longest reply, bits 0-31 number of reply
 *             slots
 *     16    4 version
 *     20    4 event count: a reply slot may be free
 *     24    8 offset of the ring
 *     32    8 bytes of it all
 *    128      reply slots
 *             the ring: a channel of variable width (RingLayout)
 *
 * a reply slot, as long as the longest reply and 32 bytes need in multiples of 64:
 *      0    8 tag of the client that has it; 0: free
 *      8    8 word: bits 61-63 state, bits 31-60 tag of the server, bits 0-30 number of the call
 *     16    4 event count: the word may have changed
 *     20    4 bytes of the reply
 *     32      the reply
 *
 * a message of the ring:
 *      0    4 number of the reply slot
 *      4    4 number of the call
 *      8      the request
 * </pre>
 */
final class RequestLayout {
  static final int SLOT_FREE = 20;
  static final int SLOTS = 128;

  static final int CLIENT = 0;
  static final int WORD = 8;
  static final int EVENTS = 16;
  static final int LENGTH = 20;
  static final int REPLY = 32;

  static final int MESSAGE_SLOT = 0;
  static final int MESSAGE_NUMBER = 4;
  static final int MESSAGE_REQUEST = 8;

  /** Nobody waits: no call, or one that is over. */
  static final int IDLE = 0;

  /** A request is sent, or about to be. */
  static final int WAITING = 1;

  /** A server has the request. */
  static final int TAKEN = 2;

  /** A server writes the reply. */
  static final int WRITING = 3;

  /** The reply is there. */
  static final int REPLIED = 4;

  /** The reply says why there is none. */
  static final int FAILED = 5;

  /** A server writes the reply, and nobody wants it any more. */
  static final int ABANDONED = 6;

  /** "RSZREQST" read as a little-endian number. */
  static final long MAGIC_VALUE = 0x5453_5145_525a_5352L;

  static final int CURRENT_VERSION = 1;

  private static final int SLOT_UNIT = 64;
  private static final int STATE_SHIFT = 61;
  private static final int SERVER_SHIFT = 31;
  private static final int SERVER_MASK = (1 << 30) - 1;
  private static final long MADE = 1L << 63;
  private static final int LONGEST_SHIFT = 32;
  private static final int LONGEST_MASK = (1 << 29) - 1;

  static long options(int longestReply, int slots) {
    return MADE | (long) longestReply << LONGEST_SHIFT | slots;
  }

  static int longestReply(long options) {
    return (int) (options >>> LONGEST_SHIFT) & LONGEST_MASK;
  }

  static int slots(long options) {
    return (int) options;
  }

  static long slotLength(int longestReply) {
    return (long) longestReply + REPLY + SLOT_UNIT - 1 & -SLOT_UNIT;
  }

  /** The offset of the ring. */
  static long ring(int slots, int longestReply) {
    long end = SLOTS + slots * slotLength(longestReply);
    return end + RingLayout.ALIGNMENT - 1 & -RingLayout.ALIGNMENT;
  }

  static long word(int state, int server, int number) {
    return (long) state << STATE_SHIFT | (long) server << SERVER_SHIFT | number;
  }

  static int state(long word) {
    return (int) (word >>> STATE_SHIFT);
  }

  static int server(long word) {
    return (int) (word >>> SERVER_SHIFT) & SERVER_MASK;
  }

  static int number(long word) {
    return (int) word & Integer.MAX_VALUE;
  }

  private RequestLayout() {}
}
