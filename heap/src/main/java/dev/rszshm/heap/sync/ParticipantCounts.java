package dev.rszshm.heap.sync;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;

/*
 * A count for each attachment, which goes with it.
 *
 * Layout
 * ------
 * ParticipantCountsLayout.
 *
 * Protocol
 * --------
 * increment, decrement: compare-and-set of the own word; one with the tag of somebody else counts as 0.
 * sum: reads every word; one that is not 0 counts if its attachment lives, and is cleared if not.
 *
 * If a process dies here
 * ----------------------
 * The count was changed, or not; from then on it counts no more.
 */

/**
 * Counts what the threads of each attached process have in hand, such as read locks. What a process
 * has counted vanishes when it dies or detaches, with nobody's help.
 *
 * <p>Any number of threads and processes may use it; changes have volatile order.
 */
public final class ParticipantCounts {
  private final Heap heap;
  private final long offset;
  private final int slots;
  private final long own;
  private final int tag;

  /** Where somebody who lives was found the last time; a guess, which threads may write at once. */
  private int lastAlive;

  private ParticipantCounts(Heap heap, long offset) {
    Participant self = Holder.self(heap);
    this.heap = heap;
    this.offset = offset;
    this.slots = heap.participantSlots();
    this.own = word(self.slot());
    this.tag = self.tag();
  }

  /** Bytes of the counts of a heap. */
  public static long length(Heap heap) {
    return ParticipantCountsLayout.offset(heap.participantSlots());
  }

  /** The counts at an offset, a multiple of 8. Zeros are new ones. */
  public static ParticipantCounts at(Heap heap, long offset) {
    heap.region(offset, length(heap));
    return new ParticipantCounts(heap, offset);
  }

  private long word(int slot) {
    return offset + ParticipantCountsLayout.offset(slot);
  }

  /** Counts one more for this process. */
  public void increment() {
    while (true) {
      long found = heap.getLongVolatile(own);
      if (heap.compareAndSetLong(
          own, found, ParticipantCountsLayout.word(tag, ownCount(found) + 1))) {
        return;
      }
    }
  }

  /**
   * Counts one less for this process.
   *
   * @return whether there was one
   */
  public boolean decrement() {
    while (true) {
      long found = heap.getLongVolatile(own);
      if (ownCount(found) == 0) {
        return false;
      }
      if (heap.compareAndSetLong(own, found, found - 1)) {
        return true;
      }
    }
  }

  private long ownCount(long word) {
    return ParticipantCountsLayout.tag(word) == tag ? ParticipantCountsLayout.count(word) : 0;
  }

  /** How many this process has. */
  public long own() {
    return ownCount(heap.getLongVolatile(own));
  }

  /** Whether nobody has any, the dead included: a quick look, for the case that it is so. */
  public boolean isZero() {
    for (int slot = 0; slot < slots; slot++) {
      if (ParticipantCountsLayout.count(heap.getLongVolatile(word(slot))) != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether anybody who lives has any: as {@link #sumOfLiving} {@code > 0}, but it looks first at
   * the one it has found the last time, and stops at the first.
   */
  public boolean isAnyAlive() {
    int first = lastAlive;
    if (isAlive(first)) {
      return true;
    }
    for (int slot = 0; slot < slots; slot++) {
      if (isAlive(slot)) {
        lastAlive = slot;
        return true;
      }
    }
    return false;
  }

  private boolean isAlive(int slot) {
    long found = heap.getLongVolatile(word(slot));
    if (ParticipantCountsLayout.count(found) == 0) {
      return false;
    }
    int owner = ParticipantCountsLayout.tag(found);
    if (owner == tag || heap.isAlive(owner)) {
      return true;
    }
    heap.compareAndSetLong(word(slot), found, 0);
    return false;
  }

  /**
   * How many all who live have together. What changes meanwhile is counted or not. What the dead
   * have left is cleared.
   */
  public long sumOfLiving() {
    long sum = 0;
    for (int slot = 0; slot < slots; slot++) {
      long found = heap.getLongVolatile(word(slot));
      int owner = ParticipantCountsLayout.tag(found);
      if (ParticipantCountsLayout.count(found) == 0) {
        continue;
      }
      if (owner == tag || heap.isAlive(owner)) {
        sum += ParticipantCountsLayout.count(found);
      } else {
        heap.compareAndSetLong(word(slot), found, 0);
      }
    }
    return sum;
  }
}
