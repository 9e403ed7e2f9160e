package dev.rszshm.sync.internal;

import dev.rszshm.heap.Participant;

/**
 * The word of a lock.
 *
 * <pre>
 * BITS   DESCRIPTION
 *  0     somebody may be asleep until the lock is free
 *  1     a holder died, and nobody has said since that all is well
 *  2-31  the holder's participant tag
 * 32-63  the holder's thread: the lower 32 bits of its id in its JVM, all ones where threads are not told
 *        apart; 0: the lock is free
 * </pre>
 *
 * The lower half is the futex. A word of 0 is a free lock. One whose tag is all ones, with no
 * thread, is unusable for good.
 */
public final class LockLayout {
  public static final int LENGTH = 8;

  static final long FREE = 0;
  static final long WAITERS = 1;
  static final long OWNER_DIED = 2;
  static final long ORPHANED = OWNER_DIED;
  static final long UNUSABLE = 0xffff_fffcL;

  static final long ANY_THREAD = 0xffff_ffffL << Integer.SIZE;

  private static final int TAG_SHIFT = Integer.SIZE - Participant.TAG_BITS;

  private LockLayout() {}

  /** What a holder writes into a free lock. */
  public static long held(int tag, long thread) {
    long id = thread & 0xffff_ffffL;
    return (id == 0 ? ANY_THREAD : id << Integer.SIZE) | Integer.toUnsignedLong(tag << TAG_SHIFT);
  }

  static boolean isHeld(long word) {
    return word >>> Integer.SIZE != 0;
  }

  static boolean isUnusable(long word) {
    return (word & ~(WAITERS | OWNER_DIED)) == UNUSABLE;
  }

  /** Whether the holder of a word is the one who wrote it. */
  static boolean isHeldBy(long word, long holder) {
    return (word & ~(WAITERS | OWNER_DIED)) == holder;
  }

  static int tag(long word) {
    return (int) word >>> TAG_SHIFT;
  }

  static long thread(long word) {
    return word >>> Integer.SIZE;
  }
}
