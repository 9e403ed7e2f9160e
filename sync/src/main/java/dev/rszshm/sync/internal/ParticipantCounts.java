package dev.rszshm.sync.internal;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;
import dev.rszshm.sync.Holder;

/*
 * A count for each attachment, which goes with it.
 *
 * Layout
 * ------
 * ParticipantCountsLayout. There may be a bound elsewhere, 4 bytes: only words below it are not 0.
 *
 * Protocol
 * --------
 * increment: 1 raise the bound beyond the own word, unless it is; 2 compare-and-set of the own word; one
 *   with the tag of somebody else counts as 0.
 * decrement: 3 compare-and-set of the own word.
 * sum: 4 read the bound, or how many participant slots were ever used, and every word below it; one that is not 0 counts if its attachment lives, and is
 *   cleared if not.
 * Whoever sees no count at 4 comes before 2, because 1 does.
 *
 * If a process dies here
 * ----------------------
 * 1: others read a word more. 2-4: the count was changed, or not; from then on it counts no more.
 *
 * What cannot wrap
 * ----------------
 * A count has 32 bits, and one more than fits is an error: it would become another's tag.
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
  private final long bound;
  private final int slots;
  private final int ownSlot;
  private final long own;
  private final int tag;

  /** Who had some when that was last asked for: a guess. */
  private volatile int witness;

  /** Whether the bound is known to be beyond the own word; threads may find that out at once. */
  private boolean bounded;

  private ParticipantCounts(Heap heap, long offset, long bound) {
    this.tag = Holder.tagOf(heap);
    int slot = heap.self().map(Participant::slot).orElse(0);
    this.heap = heap;
    this.offset = offset;
    this.bound = bound;
    this.bounded = bound == 0;
    this.slots = heap.participantSlots();
    this.ownSlot = slot;
    this.own = word(slot);
  }

  /** Bytes of the counts of a heap. */
  public static long length(Heap heap) {
    return ParticipantCountsLayout.offset(heap.participantSlots());
  }

  /** The counts at an offset, a multiple of 8. Zeros are new ones. */
  public static ParticipantCounts at(Heap heap, long offset) {
    return bounded(heap, offset, 0);
  }

  /**
   * As {@link #at}, with a word of 4 bytes elsewhere that says how many slots have ever counted, so
   * that a look need not go through all; 0 for none.
   */
  public static ParticipantCounts bounded(Heap heap, long offset, long bound) {
    heap.region(offset, length(heap));
    return new ParticipantCounts(heap, offset, bound);
  }

  /** Slots that no participant, or nobody who counts here, has ever used have no count. */
  private int used() {
    return bound == 0
        ? Math.min(slots, heap.participantSlotsUsed())
        : Math.max(0, Math.min(slots, heap.getIntVolatile(bound)));
  }

  private void raiseBound() {
    int found = heap.getIntVolatile(bound);
    while (found <= ownSlot && !heap.compareAndSetInt(bound, found, ownSlot + 1)) {
      found = heap.getIntVolatile(bound);
    }
    bounded = true;
  }

  private long word(int slot) {
    return offset + ParticipantCountsLayout.offset(slot);
  }

  /**
   * Counts one more for this process.
   *
   * @throws IllegalStateException if it has 2^32-1 already
   */
  public void increment() {
    if (!bounded) {
      raiseBound();
    }
    while (true) {
      long found = heap.getLongVolatile(own);
      long count = ownCount(found);
      if (count == ParticipantCountsLayout.MOST) {
        throw new IllegalStateException(
            "this process counts "
                + count
                + " at offset "
                + own
                + " of "
                + heap.path()
                + ", and cannot count one more: something is counted and never given back");
      }
      if (heap.compareAndSetLong(own, found, ParticipantCountsLayout.word(tag, count + 1))) {
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
    return tag != Holder.READER && ParticipantCountsLayout.tag(word) == tag
        ? ParticipantCountsLayout.count(word)
        : 0;
  }

  /** How many this process has. */
  public long own() {
    return ownCount(heap.getLongVolatile(own));
  }

  /** Whether nobody has any, the dead included: a quick look, for the case that it is so. */
  public boolean isZero() {
    int used = used();
    for (int slot = 0; slot < used; slot++) {
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
    int used = used();
    for (int slot = 0; slot < used; slot++) {
      sum += countOfLiving(slot);
    }
    return sum;
  }

  /**
   * Whether anybody who lives has any, as {@link #sumOfLiving} would find. It asks the system about
   * the one it found last time, and about others only if that one has none any more.
   */
  public boolean isAnyOfLiving() {
    if (own() != 0) {
      return true;
    }
    int used = used();
    int known = witness;
    if (known < used && countOfLiving(known) != 0) {
      return true;
    }
    for (int slot = 0; slot < used; slot++) {
      if (countOfLiving(slot) != 0) {
        witness = slot;
        return true;
      }
    }
    return false;
  }

  private long countOfLiving(int slot) {
    long found = heap.getLongVolatile(word(slot));
    long count = ParticipantCountsLayout.count(found);
    int owner = ParticipantCountsLayout.tag(found);
    if (count != 0 && !heap.isAlive(owner)) {
      if (tag != Holder.READER) {
        heap.compareAndSetLong(word(slot), found, 0);
      }
      return 0;
    }
    return count;
  }
}
