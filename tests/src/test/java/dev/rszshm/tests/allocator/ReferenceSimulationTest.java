package dev.rszshm.tests.allocator;

import static dev.rszshm.tests.Schedules.explore;
import static dev.rszshm.tests.Schedules.random;
import static dev.rszshm.tests.allocator.SmallHeap.HALF;
import static dev.rszshm.tests.allocator.SmallHeap.actor;
import static dev.rszshm.tests.allocator.SmallHeap.simulation;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Storm;
import org.junit.jupiter.api.Test;

/**
 * Blocks that several processes allocate into the same slots, move between them and free from them,
 * in every order and with deaths: at the end each block in use is in one slot, and no slot refers
 * to a block that is free.
 */
class ReferenceSimulationTest {
  private static void twoSlots(Prepared prepared, Allocator allocator) {
    prepared.makeSlots(allocator, 2);
  }

  private static void twoSlotsWithABlock(Prepared prepared, Allocator allocator) {
    twoSlots(prepared, allocator);
    fill(prepared, allocator, 0);
  }

  private static void fill(Prepared prepared, Allocator allocator, int slot) {
    allocator.allocateInto(
        prepared.slot(slot),
        Actor.SMALL,
        block -> Ledger.tag(allocator.heap(), block, Actor.SMALL));
  }

  @Test
  void aBlockIsTakenOutOfItsSlotWhileItIsPutIn() {
    Simulation two =
        simulation(
            ReferenceSimulationTest::twoSlots,
            (s, prepared, ledger) -> {
              actor(s, ledger, "allocator", a -> a.allocateInto(prepared.slot(0)));
              actor(s, ledger, "freer", a -> a.freeFrom(prepared.slot(0)));
            });
    explore("allocateInto, freeFrom", two.kills(1).preemptions(Storm.count(0, 1)));
    random("allocateInto, freeFrom", two.kills(3).preemptions(6), 1, Storm.count(600, 100_000));
  }

  @Test
  void twoAllocateIntoOneSlot() {
    Simulation two =
        simulation(
            ReferenceSimulationTest::twoSlots,
            (s, prepared, ledger) -> {
              for (String name : new String[] {"one", "two"}) {
                actor(s, ledger, name, a -> a.allocateInto(prepared.slot(0)));
              }
            });
    explore("allocateInto twice", two.kills(1).preemptions(Storm.count(0, 1)));
  }

  @Test
  void ofTwoWhoFreeFromOneSlotOneDoes() {
    Simulation two =
        simulation(
            ReferenceSimulationTest::twoSlotsWithABlock,
            (s, prepared, ledger) -> {
              int[] freed = {0};
              for (String name : new String[] {"one", "two"}) {
                actor(s, ledger, name, a -> freed[0] += a.freeFrom(prepared.slot(0)) ? 1 : 0);
              }
              s.invariant(p -> assertTrue(freed[0] <= 1));
            });
    explore("freeFrom twice", two.kills(1).preemptions(Storm.count(0, 1)));
  }

  @Test
  void aReferenceIsMovedBothWays() {
    Simulation two =
        simulation(
            ReferenceSimulationTest::twoSlotsWithABlock,
            (s, prepared, ledger) -> {
              actor(s, ledger, "there", a -> a.move(prepared.slot(0), prepared.slot(1)));
              actor(s, ledger, "back", a -> a.move(prepared.slot(1), prepared.slot(0)));
            });
    explore("move there and back", two.kills(1).preemptions(Storm.count(0, 1)));
  }

  @Test
  void aReferenceIsMovedIntoASlotThatOthersUse() {
    Simulation three =
        simulation(
            ReferenceSimulationTest::twoSlotsWithABlock,
            (s, prepared, ledger) -> {
              actor(s, ledger, "mover", a -> a.move(prepared.slot(0), prepared.slot(1)));
              actor(s, ledger, "freer", a -> a.freeFrom(prepared.slot(1)));
              actor(s, ledger, "allocator", a -> a.allocateInto(prepared.slot(1)));
            });
    explore("move, freeFrom, allocateInto", three.kills(1).preemptions(Storm.count(0, 1)));
    random(
        "move, freeFrom, allocateInto",
        three.kills(3).preemptions(8),
        2,
        Storm.count(600, 100_000));
  }

  /** The owner collects and allocates what another is freeing from a slot. */
  @Test
  void aBlockThatIsFreedElsewhereIsFreedOnce() {
    Simulation two =
        simulation(
            ReferenceSimulationTest::twoSlotsWithABlock,
            (s, prepared, ledger) -> {
              actor(s, ledger, "freer", a -> a.freeFrom(prepared.slot(0)));
              actor(
                  s,
                  ledger,
                  "user",
                  a -> {
                    a.allocateInto(prepared.slot(1));
                    a.freeFrom(prepared.slot(0));
                  });
            });
    explore("freeFrom elsewhere", two.kills(1).preemptions(Storm.count(0, 2)));
    random("freeFrom elsewhere", two.kills(3).preemptions(6), 3, Storm.count(600, 100_000));
  }

  /** A full slab of two blocks, the second of them in a slot. */
  private static void halfInASlot(Prepared prepared, Allocator allocator) {
    prepared.makeSlots(allocator, 1);
    prepared.allocate(allocator, HALF);
    allocator.allocateInto(
        prepared.slot(0), HALF, block -> Ledger.tag(allocator.heap(), block, HALF));
  }

  @Test
  void aBlockThatWasFreedElsewhereIsAllocatedAgain() {
    Simulation two =
        simulation(
            ReferenceSimulationTest::halfInASlot,
            (s, prepared, ledger) -> {
              actor(s, ledger, "user", a -> a.allocate(HALF));
              actor(s, ledger, "freer", a -> a.freeFrom(prepared.slot(0)));
            });
    explore("freeFrom, allocate", two.kills(1).preemptions(Storm.count(0, 2)));
    random("freeFrom, allocate", two.kills(2).preemptions(4), 13, Storm.count(600, 100_000));
  }

  @Test
  void theChunkOfABlockThatWasFreedElsewhereIsUsedOtherwise() {
    Simulation two =
        simulation(
            ReferenceSimulationTest::halfInASlot,
            (s, prepared, ledger) -> {
              actor(
                  s,
                  ledger,
                  "user",
                  a -> {
                    a.free(prepared.block(1));
                    a.allocate(HALF / 2);
                    a.allocate(HALF / 2);
                  });
              actor(s, ledger, "freer", a -> a.freeFrom(prepared.slot(0)));
            });
    explore("freeFrom, recycle", two.kills(1).preemptions(Storm.count(0, 2)));
    random("freeFrom, recycle", two.kills(2).preemptions(4), 14, Storm.count(600, 100_000));
  }

  /** Whoever takes a reference must see to it that its maker's death does not undo it. */
  @Test
  void aBlockIsMovedOnWhileItIsPutIn() {
    Simulation two =
        simulation(
            ReferenceSimulationTest::twoSlots,
            (s, prepared, ledger) -> {
              actor(s, ledger, "allocator", a -> a.allocateInto(prepared.slot(0)));
              actor(s, ledger, "mover", a -> a.move(prepared.slot(0), prepared.slot(1)));
            });
    explore("allocateInto, move", two.kills(1).preemptions(Storm.count(1, 2)));
    random("allocateInto, move", two.kills(1).preemptions(2), 8, Storm.count(1000, 200_000));
  }
}
