package dev.rszshm.tests.sync;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.Acquisition;
import java.util.Set;

/**
 * A sketch of the lock word's protocol from which single guards can be taken away, to see whether
 * the exploration notices.
 *
 * <p>Word: bit 0 somebody sleeps, bit 1 a holder died, the holder's tag from bit 2 on; 0 is free.
 */
final class GuardedLock {
  /** What keeps the protocol right. */
  enum Guard {
    /** Who has slept takes the lock with the flag that others may sleep. */
    FLAG_AFTER_SLEEP,
    /** The lock of a dead one is taken by compare-and-set. */
    ONE_HEIR,
    /** The lock is taken from those only whose file lock has fallen. */
    PROOF_OF_DEATH,
    /** A release wakes one who sleeps. */
    WAKE
  }

  private static final int WAITERS = 1;
  private static final int OWNER_DIED = 2;

  private final Heap heap;
  private final long offset;
  private final Set<Guard> guards;
  private final int me;

  GuardedLock(Heap heap, Set<Guard> guards) {
    this.heap = heap;
    this.offset = heap.dataOffset();
    this.guards = guards;
    this.me = heap.self().orElseThrow().tag() << 2;
  }

  Acquisition acquire() {
    int slept = 0;
    boolean asks = false;
    while (true) {
      int word = heap.getIntVolatile(offset);
      if ((word & ~(WAITERS | OWNER_DIED)) == 0) {
        if (heap.compareAndSetInt(offset, word, me | slept)) {
          return Acquisition.CONSISTENT;
        }
      } else if (asks && isDead(word)) {
        if (takeOver(word)) {
          return Acquisition.OWNER_DIED;
        }
      } else if ((word & WAITERS) != 0 || heap.compareAndSetInt(offset, word, word | WAITERS)) {
        asks = heap.sleepWhile(offset, word | WAITERS, Long.MAX_VALUE);
        slept = guards.contains(Guard.FLAG_AFTER_SLEEP) ? WAITERS : 0;
      }
    }
  }

  private boolean isDead(int word) {
    return !guards.contains(Guard.PROOF_OF_DEATH) || !heap.isAlive(word >>> 2);
  }

  private boolean takeOver(int word) {
    if (guards.contains(Guard.ONE_HEIR)) {
      return heap.compareAndSetInt(offset, word, me | WAITERS);
    }
    heap.putIntVolatile(offset, me | WAITERS);
    return true;
  }

  void unlock() {
    int word = heap.getAndSetInt(offset, 0);
    if ((word & WAITERS) != 0 && guards.contains(Guard.WAKE)) {
      heap.wake(offset, 1);
    }
  }
}
