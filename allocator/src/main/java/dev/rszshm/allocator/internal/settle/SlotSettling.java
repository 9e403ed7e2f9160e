package dev.rszshm.allocator.internal.settle;

import dev.rszshm.allocator.Allocator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/*
 * Settles slots, for structures of this project that change them by other means than the allocator's methods: with
 * stores of their own, or by comparing what two slots hold.
 *
 * Layout
 * ------
 * The form of a word that is in a slot (Reference), and the record of the lane that has put it there (OperationRecord).
 *
 * Protocol
 * --------
 * A reference that was allocated into a slot stays fresh: the record of its lane may still say that it is about to get there.
 * If that lane's process dies then, and the reference is in the slot no more, its block is freed as one that
 * never got there. Whoever takes it out with the allocator's methods prevents that. So must whoever takes it out
 * otherwise, or copies it. They settle the slot first:
 *  1 read the slot: not a fresh reference: nothing is to be done;
 *  2 help: the record of its lane is PREPARED, for this slot, block and sequence: to HELPED, by compare-and-set. Failed, or
 *    not so: the operation knows that it has succeeded;
 *  3 slot: fresh to clean, by compare-and-set. Failed: somebody else has made it clean.
 * A clean reference is as good as the block's only name: nobody changes it but those who empty the slot.
 * The caller is the only one who may empty the slot, from 1 on until it has done what it settles it for, as it has the
 * structure's lock, or nobody else knows the slot. So the word that is read at 1 is the one that is helped and
 * made clean, though the sequence in it comes round. Others may settle the slot, and recover the lane, at the same time.
 *
 * If a process dies here
 * ----------------------
 * After 1, nothing has happened. After 2, the operation counts as done, and the reference is fresh still: the next one who
 * settles the slot, or takes from it with the allocator's methods, finds nothing to help. After 3 it is settled.
 */

/** Settles slots. */
public final class SlotSettling {
  /** What an allocator does for that. */
  @FunctionalInterface
  public interface Settler {
    /** Does what {@link SlotSettling#settle} says. */
    long settle(Allocator allocator, long slot);
  }

  private static @Nullable Settler settler;

  private SlotSettling() {}

  /** Connects this class with that of allocators, which alone knows their slots. */
  public static void connect(Settler ofAllocators) {
    settler = ofAllocators;
  }

  /**
   * Makes the reference in a slot clean, if there is one: no operation of the allocator depends on
   * it any more. The caller is the only one who may empty the slot meanwhile.
   *
   * @return what the slot holds then: a clean reference; 0; or the mark of somebody who was
   *     emptying the slot before, and has died
   * @throws dev.rszshm.allocator.errors.NotASlotException if the word is none that a slot can hold
   */
  public static long settle(Allocator allocator, long slot) {
    return Objects.requireNonNull(settler, "allocators connect themselves before there is one")
        .settle(allocator, slot);
  }
}
