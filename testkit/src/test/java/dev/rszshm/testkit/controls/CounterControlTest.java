package dev.rszshm.testkit.controls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rszshm.testkit.simulation.ProcessBody;
import dev.rszshm.testkit.simulation.Simulation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class CounterControlTest {
  @AfterAll
  static void printTheTable() {
    Control.print();
  }

  private static Simulation counting(int processes, ProcessBody increment) {
    return Simulation.ofWords(1)
        .scenario(
            s -> {
              for (int i = 0; i < processes; i++) {
                s.process("counter " + i, increment);
              }
              s.check(p -> assertEquals(processes, p.memory().getLong(p.word(0)), "count"));
            });
  }

  private static final ProcessBody GET_AND_PUT =
      p -> p.memory().putLongVolatile(p.word(0), p.memory().getLongVolatile(p.word(0)) + 1);
  private static final ProcessBody GET_AND_ADD = p -> p.memory().getAndAddLong(p.word(0), 1);

  @Test
  void aGetAndAPutLoseAnUpdate() {
    new Control(
            "counter: get, put in place of getAndAdd",
            counting(2, GET_AND_PUT),
            counting(2, GET_AND_ADD))
        .mustFail("count ==> expected: <2> but was: <1>", "A B2 A");
  }

  @Test
  void aFailedCompareAndSetThatIsNotRepeatedLosesAnUpdate() {
    ProcessBody once =
        p -> {
          long seen = p.memory().getLongVolatile(p.word(0));
          p.memory().compareAndSetLong(p.word(0), seen, seen + 1);
        };
    ProcessBody repeated =
        p -> {
          long seen;
          do {
            seen = p.memory().getLongVolatile(p.word(0));
          } while (!p.memory().compareAndSetLong(p.word(0), seen, seen + 1));
        };
    new Control("counter: compareAndSet not repeated", counting(3, once), counting(3, repeated))
        .mustFail("count ==> expected: <3> but was: <2>", "A2 B C2 B");
  }
}
