package dev.rszshm.tests.guide;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.view.LongCounter;
import dev.rszshm.testkit.history.CounterModel;
import dev.rszshm.testkit.history.HistoryRecorder;
import dev.rszshm.testkit.simulation.Simulation;
import java.util.List;
import org.junit.jupiter.api.Test;

class CounterHistoryTest {
  @Test
  void aSharedCounterBehavesAsIfItsCallsCameOneAfterTheOther() {
    Simulation counting =
        Simulation.ofHeap(() -> Heap.builder().span(1 << 20).participants(4))
            .scenario(
                s -> {
                  HistoryRecorder<CounterModel.Operation, Long> calls =
                      s.linearizable(new CounterModel(0));
                  for (String name : List.of("one", "two")) {
                    s.process(
                        name,
                        p -> {
                          LongCounter counter = LongCounter.at(p.heap(), p.heap().dataOffset());
                          p.call(calls, new CounterModel.GetAndAdd(1), () -> counter.getAndAdd(1));
                          p.call(calls, new CounterModel.Get(), counter::get);
                        });
                  }
                });
    System.out.println(counting.kills(1).explore());
  }
}
