package dev.rszshm.tests.guide;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.testkit.junit.Explored;
import dev.rszshm.testkit.simulation.Scenario;
import dev.rszshm.testkit.simulation.Simulation;
import java.util.List;

class ExploredLogTest {
  Simulation heap() {
    return Simulation.ofHeap(() -> Heap.builder().span(1 << 20).participants(4));
  }

  @Explored(of = "heap", kills = 1)
  void nothingAppendedIsLost(Scenario s) {
    for (long value : new long[] {11, 22}) {
      s.process(
          "appender of " + value,
          p -> new SharedLog(p.heap(), p.heap().dataOffset()).append(value));
    }
    s.check(
        p -> {
          List<Long> log = new SharedLog(p.heap(), p.heap().dataOffset()).entries();
          assertTrue(log.size() <= 2, log::toString);
        });
  }
}
