package dev.rszshm.tests.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.testkit.jqwik.Interruptions;
import dev.rszshm.testkit.simulation.Interruption;
import dev.rszshm.testkit.simulation.ProcessBody;
import dev.rszshm.testkit.simulation.Simulation;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SharedLogPropertiesTest {
  @Property
  void whatWasAppendedIsThere(
      @ForAll("values") List<Long> first,
      @ForAll("values") List<Long> second,
      @ForAll("schedules") List<Interruption> schedule) {
    appending(first, second).kills(1).interrupted(schedule);
  }

  @Provide
  Arbitrary<List<Interruption>> schedules() {
    return Interruptions.ofRuns(50).ofMaxSize(5);
  }

  @Provide
  Arbitrary<List<Long>> values() {
    return Arbitraries.longs().greaterOrEqual(1).list().ofMaxSize(6);
  }

  private static Simulation appending(List<Long> first, List<Long> second) {
    return Simulation.ofHeap(() -> Heap.builder().span(1 << 20).participants(4))
        .scenario(
            s -> {
              List<Long> appended = new ArrayList<>();
              s.process("one", appender(first, appended));
              s.process("two", appender(second, appended));
              s.check(
                  p -> {
                    List<Long> log = new SharedLog(p.heap(), p.heap().dataOffset()).entries();
                    List<Long> missing = new ArrayList<>(appended);
                    log.forEach(missing::remove);
                    assertEquals(List.of(), missing, () -> "the log is " + log);
                    assertTrue(log.size() <= first.size() + second.size(), log::toString);
                  });
            });
  }

  private static ProcessBody appender(List<Long> values, List<Long> appended) {
    return p -> {
      SharedLog log = new SharedLog(p.heap(), p.heap().dataOffset());
      for (long value : values) {
        log.append(value);
        appended.add(value);
      }
    };
  }
}
