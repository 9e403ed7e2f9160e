package dev.rszshm.tests.allocator;

import static dev.rszshm.tests.Schedules.explore;
import static dev.rszshm.tests.Schedules.random;
import static dev.rszshm.tests.allocator.Actor.SMALL;
import static dev.rszshm.tests.allocator.SmallHeap.actor;
import static dev.rszshm.tests.allocator.SmallHeap.simulation;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Storm;
import org.junit.jupiter.api.Test;

/**
 * Blocks that are ready are allocated, and blocks at hand are freed, the way that is taken most,
 * while another process frees blocks of the same bitmap word, and either dies.
 */
class ReadyBlocksSimulationTest {
  private static void threeBlocks(Prepared prepared, Allocator allocator) {
    prepared.allocate(allocator, SMALL, 3);
  }

  @Test
  void blocksAreAllocatedAndFreedBesideOnesThatOthersFree() {
    Simulation two =
        simulation(
            ReadyBlocksSimulationTest::threeBlocks,
            (s, prepared, ledger) -> {
              actor(
                  s,
                  ledger,
                  "owner",
                  a -> {
                    long first = a.allocate(SMALL); // takes the slab over
                    long second = a.allocate(SMALL);
                    a.free(first);
                    a.allocate(SMALL);
                    a.free(second);
                  });
              actor(
                  s,
                  ledger,
                  "freer",
                  a -> {
                    a.free(prepared.block(0));
                    a.free(prepared.block(2));
                  });
            });
    explore("ready, free elsewhere", two.kills(1).preemptions(Storm.count(0, 1)));
    random("ready, free elsewhere", two.kills(2).preemptions(6), 21, Storm.count(600, 100_000));
  }

  @Test
  void slotsAreFilledFromReadyBlocksAndEmptiedByOthers() {
    Simulation two =
        simulation(
            (prepared, allocator) -> prepared.makeSlots(allocator, 2),
            (s, prepared, ledger) -> {
              actor(
                  s,
                  ledger,
                  "owner",
                  a -> {
                    a.allocateInto(prepared.slot(0));
                    a.allocateInto(prepared.slot(1));
                    a.freeFrom(prepared.slot(0));
                    a.allocateInto(prepared.slot(0));
                  });
              actor(
                  s,
                  ledger,
                  "other",
                  a -> {
                    a.freeFrom(prepared.slot(0));
                    a.allocateInto(prepared.slot(0));
                  });
            });
    explore("slots from ready", two.kills(1).preemptions(Storm.count(0, 1)));
    random("slots from ready", two.kills(2).preemptions(6), 22, Storm.count(600, 100_000));
  }
}
