package dev.rszshm.heap.sync;

/**
 * A fair mutex.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 lock word (LockLayout), without the flag for waiters
 *      8    8 queue: bits 0-31 the position of the first, 32-63 that of the next one to come
 *     16  512 64 places, each of 8 bytes; the place of a position is that number modulo 64
 * </pre>
 *
 * Of a place:
 *
 * <pre>
 * BITS   DESCRIPTION
 *  0     whoever waits here is to look
 *  1     reserved
 *  2-31  the tag of the participant that waits here; 0: it has given up
 * 32-63  the position, plus 1
 * </pre>
 *
 * The lower halves are futexes: that of the queue for those who find no place. Positions are
 * counted modulo 2^32.
 */
final class FairMutexLayout {
  static final int QUEUE = 8;
  static final int LENGTH = 528;
  static final int PLACES = 64;

  static final int SIGNALLED = 1;

  private static final int FIRST_PLACE = 16;
  private static final long HALF = 0xffff_ffffL;
  private static final int TAG_SHIFT = 2;

  static int first(long queue) {
    return (int) queue;
  }

  static int next(long queue) {
    return (int) (queue >>> Integer.SIZE);
  }

  static boolean isFull(long queue) {
    return next(queue) - first(queue) == PLACES;
  }

  static long withoutFirst(long queue) {
    return (queue & ~HALF) | (queue + 1 & HALF);
  }

  static long withNext(long queue) {
    return queue + HALF + 1;
  }

  static long place(int position) {
    return FIRST_PLACE + (long) (position & (PLACES - 1)) * Long.BYTES;
  }

  static long waiting(int position, int tag) {
    return (long) (position + 1) << Integer.SIZE | Integer.toUnsignedLong(tag << TAG_SHIFT);
  }

  static int position(long place) {
    return (int) (place >>> Integer.SIZE) - 1;
  }

  static int tag(long place) {
    return (int) place >>> TAG_SHIFT;
  }

  private FairMutexLayout() {}
}
