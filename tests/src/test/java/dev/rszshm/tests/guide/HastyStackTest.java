package dev.rszshm.tests.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.testkit.simulation.ScheduleFailure;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import org.junit.jupiter.api.Test;

/** A structure that uses the allocator, which is not what is tested. */
class HastyStackTest {
  @Test
  void theTraceShowsTheLinesOfTheStackAndNotTheInsideOfTheAllocator() {
    ScheduleFailure failure = assertThrows(ScheduleFailure.class, () -> pushing().explore());
    String trace = failure.getMessage();
    assertTrue(
        trace.matches(
            "(?s).*\\d+-\\d+  A one  Allocator.allocate: \\d+ steps, changing /heap[^\\n]*  HastyStack.java:9\\n.*"),
        trace);
    assertTrue(
        trace.matches("(?s).* A one  release store 64 bits at [^\\n]*  HastyStack.java:12\\n.*"),
        trace);
    assertTrue(trace.lines().count() < 40, trace);
    assertTrue(failure.fullTrace().lines().count() > 300, failure::fullTrace);
  }

  @Test
  void withTheAllocatorTrustedTheTraceIsThatOfTheStackAlone() {
    Simulation trusting = pushing().trusting(Allocator.class);
    ScheduleFailure failure = assertThrows(ScheduleFailure.class, trusting::explore);
    assertTrue(failure.schedule().steps() < 20, failure::getMessage);
    assertEquals("expected: <2> but was: <1>", failure.getCause().getMessage());
  }

  private static Simulation pushing() {
    long[] top = new long[1];
    return Simulation.ofHeap(() -> Heap.builder().span(1 << 20).participants(4))
        .looks(1024)
        .bulkSteps(2)
        .setUp(
            p -> {
              try (Allocator allocator = Allocator.on(p.heap())) {
                top[0] = allocator.allocate(8);
                p.heap().putLong(top[0], 0);
              }
            })
        .scenario(
            s -> {
              s.process("one", p -> push(p, top[0], 11));
              s.process("two", p -> push(p, top[0], 22));
              s.check(p -> assertEquals(2, new HastyStack(p.heap(), null, top[0]).size()));
            });
  }

  private static void push(SimulatedProcess process, long top, long value) {
    try (Allocator allocator = Allocator.on(process.heap())) {
      new HastyStack(process.heap(), allocator, top).push(value);
    }
  }
}
