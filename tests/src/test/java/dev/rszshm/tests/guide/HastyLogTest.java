package dev.rszshm.tests.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.rszshm.heap.Heap;
import dev.rszshm.testkit.simulation.ScheduleFailure;
import dev.rszshm.testkit.simulation.Simulation;
import org.junit.jupiter.api.Test;

class HastyLogTest {
  private static final Simulation APPENDING =
      Simulation.ofHeap(() -> Heap.builder().span(1 << 20).participants(4))
          .scenario(
              s -> {
                s.process("one", p -> new HastyLog(p.heap(), p.heap().dataOffset()).append(11));
                s.process("two", p -> new HastyLog(p.heap(), p.heap().dataOffset()).append(22));
                s.check(p -> assertEquals(2, p.heap().getLong(p.heap().dataOffset())));
              });

  @Test
  void theFailureIsShownAsTheGuideShowsIt() {
    ScheduleFailure failure = assertThrows(ScheduleFailure.class, APPENDING::explore);
    Guide.requireShown(failure.getMessage());
  }
}
