package dev.rszshm.tests.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.testkit.simulation.Scenario;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Slots that a process was changing when it died, read and changed by one that was there before,
 * and recovers nothing itself.
 */
class SlotsOfTheDeadTest {
  private static Simulation simulation(Consumer<Scenario> story) {
    return Simulation.ofHeap(() -> Heap.builder().span(1 << 20).participants(4))
        .setUp(
            p -> {
              try (Allocator allocator = Allocator.on(p.heap())) {
                allocator.allocateInto(slots(allocator), 8);
              }
            })
        .scenario(story);
  }

  private static long slots(Allocator allocator) {
    return allocator.place("slots", 1, 1, 16);
  }

  private static int held(Allocator allocator) {
    long slots = allocator.get(allocator.findRoot("slots").orElseThrow().slot());
    return (allocator.get(slots) != 0 ? 1 : 0) + (allocator.get(slots + 8) != 0 ? 1 : 0);
  }

  private static void crashes(Simulation simulation) {
    assertTrue(simulation.crashes().kills(1).inProgramOrder().run().isComplete());
  }

  private static Simulation mover(Consumer<SimulatedProcess> check) {
    return simulation(
        s -> {
          s.process(
              "mover",
              p -> {
                Allocator allocator = Allocator.on(p.heap());
                long slots = slots(allocator);
                allocator.move(slots, slots + 8);
              });
          s.check(check::accept);
        });
  }

  @Test
  void aBlockIsInOneOfTwoSlotsIfItsMoverDies() {
    crashes(mover(p -> assertEquals(1, held(Allocator.on(p.heap())))));
  }

  /** At any instant of a move that goes on, whoever looks at both slots finds the block. */
  @Test
  void aBlockIsInOneOfTwoSlotsWhileItIsMoved() {
    Simulation two =
        simulation(
            s -> {
              s.process(
                  "mover",
                  p -> {
                    Allocator allocator = Allocator.on(p.heap());
                    long slots = slots(allocator);
                    allocator.move(slots, slots + 8);
                  });
              s.process(
                  "reader",
                  p -> {
                    Allocator allocator = Allocator.on(p.heap());
                    long slots = slots(allocator);
                    boolean arrived = allocator.get(slots + 8) != 0;
                    boolean there = allocator.get(slots) != 0;
                    assertTrue(!arrived || !there, "it came back");
                    assertTrue(there || allocator.get(slots + 8) != 0, "it is nowhere");
                  });
            });
    assertTrue(two.preemptions(1).explore().complete());
    two.preemptions(4).random(5, 1000);
  }
}
