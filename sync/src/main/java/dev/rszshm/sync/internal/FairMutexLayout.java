package dev.rszshm.sync.internal;

/**
 * A fair mutex.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 lock word (LockLayout), without the flag for waiters
 *      8    8 queue: bits 0-31 how many of the places may be taken: 0 to this - 1; 32-63 the next ticket
 *     16    4 event count (EventCountLayout): a place has become free
 *     20    4 number of places; 0: not known yet, 64 unless it is made with another
 *     24    8 reserved
 *     32    … for each place 8 bytes
 * </pre>
 *
 * Of a place; 0: it is free:
 *
 * <pre>
 * BITS   DESCRIPTION
 *  0     whoever waits here is to look
 *  1     it did not take its turn, and is passed over until it looks
 *  2-31  the tag of the participant that waits here
 * 32-63  its ticket, 0: it is just coming
 * </pre>
 *
 * The lower half of a place is a futex. Tickets are counted modulo 2^32, without 0.
 */
public final class FairMutexLayout {
  public static final int QUEUE = 8;
  static final int ROOM = 16;
  public static final int PLACES = 20;
  public static final int USUAL_PLACES = 64;
  public static final int MAX_PLACES = 1 << 16;

  public static final long SIGNALLED = 1;
  public static final long PASSED = 2;

  private static final int FIRST_PLACE = 32;
  private static final long HALF = 0xffff_ffffL;
  private static final int TAG_SHIFT = 2;

  public static long place(int index) {
    return FIRST_PLACE + (long) index * Long.BYTES;
  }

  /** How many places may be taken; anything may be found there. */
  static int used(long queue, int places) {
    return (int) Math.min(queue & HALF, places);
  }

  static int ticket(long queueOrPlace) {
    return (int) (queueOrPlace >>> Integer.SIZE);
  }

  static int nextTicket(long queue) {
    int ticket = ticket(queue);
    return ticket == 0 ? 1 : ticket;
  }

  /** When the next ticket is taken, for a place. */
  public static long withTicketTaken(long queue, int place, int places) {
    long used = Math.max(used(queue, places), place + 1);
    return (long) (nextTicket(queue) + 1) << Integer.SIZE | used;
  }

  static long withUsed(long queue, int used) {
    return (queue & ~HALF) | used;
  }

  public static long waiting(int ticket, int tag) {
    return (long) ticket << Integer.SIZE | Integer.toUnsignedLong(tag << TAG_SHIFT);
  }

  static int tag(long place) {
    return (int) place >>> TAG_SHIFT;
  }

  private FairMutexLayout() {}
}
