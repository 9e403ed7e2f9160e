package dev.rszshm.tests.guide;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.testkit.simulation.Simulation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharedLogTest {
  private final Simulation appending =
      Simulation.ofHeap(() -> Heap.builder().span(1 << 20).participants(4))
          .scenario(
              s -> {
                List<Long> appended = new ArrayList<>();
                for (long value : new long[] {11, 22}) {
                  s.process(
                      "appender of " + value,
                      p -> {
                        new SharedLog(p.heap(), p.heap().dataOffset()).append(value);
                        appended.add(value);
                      });
                }
                s.check(
                    p -> {
                      List<Long> log = new SharedLog(p.heap(), p.heap().dataOffset()).entries();
                      assertTrue(log.containsAll(appended), log + " lacks some of " + appended);
                    });
              });

  @Test
  void nothingAppendedIsLostInAnyOrderWithAnyTwoDeaths() {
    System.out.println(appending.kills(2).explore());
  }

  @Test
  void nothingAppendedIsLostWhenLoadsMayBeStale() {
    System.out.println(appending.staleLoads(2).explore());
  }

  @Test
  void nothingAppendedIsLostAtAnyDeathInTheMiddle() {
    System.out.println(appending.crashes().run());
  }
}
