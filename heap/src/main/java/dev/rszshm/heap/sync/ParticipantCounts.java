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
 * sum, look for one: reads the words of the slots that were ever used; one that is not 0 counts if its
 * attachment lives, and is cleared if not.
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

  /** Who had some when that was last asked for: a guess. */
  private volatile int witness;

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
    int end = usedSlots();
    for (int slot = 0; slot < end; slot++) {
      if (ParticipantCountsLayout.count(heap.getLongVolatile(word(slot))) != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * How many all who live have together. What changes meanwhile is counted or not. What the dead
   * have left is cleared.
   */
  public long sumOfLiving() {
    long sum = 0;
    int end = usedSlots();
    for (int slot = 0; slot < end; slot++) {
      sum += countOfLiving(slot);
    }
    return sum;
  }

  /**
   * Whether anybody who lives has any, as {@link #sumOfLiving} would find. It asks the system about
   * the one it found last time, and about others only if that one has none any more.
   */
  public boolean hasLiving() {
    if (own() != 0) {
      return true;
    }
    int end = usedSlots();
    int known = witness;
    if (known < end && countOfLiving(known) != 0) {
      return true;
    }
    for (int slot = 0; slot < end; slot++) {
      if (countOfLiving(slot) != 0) {
        witness = slot;
        return true;
      }
    }
    return false;
  }

  /** What the owner of a slot has; 0 if it is dead, and then it is cleared. */
  private long countOfLiving(int slot) {
    long found = heap.getLongVolatile(word(slot));
    long count = ParticipantCountsLayout.count(found);
    int owner = ParticipantCountsLayout.tag(found);
    if (count == 0 || owner == tag || heap.isAlive(owner)) {
      return count;
    }
    heap.compareAndSetLong(word(slot), found, 0);
    return 0;
  }

  /**
   * Slots that were never used have no count. Who counts itself has raised their number before, so
   * whoever reads it after something that comes later than a count finds that count.
   */
  private int usedSlots() {
    return Math.min(slots, heap.participantSlotsUsed());
  }
}
