package dev.rszshm.structures.internal.process;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.internal.settle.SlotSettling;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.DamagedHeapException;
import java.time.Duration;
import java.util.Locale;

/**
 * Lets a slot that only the caller may empty be as the allocator's recovery leaves it, though
 * somebody may have died who was filling or emptying it.
 *
 * <p>Whoever gets a lock from the dead has let the allocator recover what they were doing. But
 * another process may be in the middle of just that recovery, and then each slot is said to hold
 * what it will hold, and can not be changed yet. That takes as long as a recovery takes: if the
 * other one dies as well, this one recovers.
 */
public final class SettledSlot {
  private static final int PAUSES = 10_000;
  private static final Duration PAUSE = Duration.ofMillis(1);

  /** The form of a word that says that a slot is being emptied. */
  private static final int FORM_MASK = 7;

  private static final int MARK = 6;

  private SettledSlot() {}

  /**
   * Returns when nobody is emptying a slot that only the caller may change.
   *
   * @throws dev.rszshm.allocator.errors.NotASlotException if the word is none that a slot can hold
   * @throws DamagedHeapException if that does not come to an end within ten seconds
   */
  public static void await(Allocator allocator, long slot) {
    Heap heap = allocator.heap();
    long word = heap.getLongAcquire(slot);
    for (int i = 0; (word & FORM_MASK) == MARK; i++) {
      if (i == PAUSES) {
        heap.requireOpen();
        throw new DamagedHeapException(
            String.format(
                Locale.ROOT,
                "offset %d of %s holds 0x%x, the mark of a process that died while it emptied this"
                    + " slot, for ten seconds: another process that recovers it stands still, let"
                    + " it go on or end it; or somebody has written where they should not",
                slot,
                heap.path(),
                word));
      }
      allocator.get(slot); // throws if it is the mark of nobody
      allocator.recover();
      if ((heap.getLongAcquire(slot) & FORM_MASK) == MARK) {
        heap.pause(PAUSE);
      }
      word = heap.getLongAcquire(slot);
    }
  }

  /**
   * Makes the reference in a slot clean, as {@link SlotSettling} says, when nobody is emptying the
   * slot. From then on the allocator has no interest in it, and the caller may put it elsewhere.
   *
   * @return the clean reference; 0 if there is none
   */
  public static long settle(Allocator allocator, long slot) {
    await(allocator, slot);
    return SlotSettling.settle(allocator, slot);
  }

  /** Frees what a slot refers to that only the caller may change, if there is something. */
  public static void free(Allocator allocator, long slot) {
    if (allocator.heap().getLongAcquire(slot) != 0) {
      await(allocator, slot);
      allocator.freeFrom(slot);
    }
  }
}
