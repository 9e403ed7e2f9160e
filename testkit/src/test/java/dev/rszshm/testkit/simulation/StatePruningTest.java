package dev.rszshm.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Which states are taken for the same, and that nothing is lost by it. */
class StatePruningTest {
  private static Simulation brokenCounter() {
    return Simulation.ofWords(1)
        .scenario(
            s -> {
              for (int i = 0; i < 3; i++) {
                s.process(
                    "adder " + i,
                    p -> p.memory().putLong(p.word(0), p.memory().getLong(p.word(0)) + 1));
              }
              s.checkMemory(p -> assertEquals(3, p.memory().getLong(p.word(0))));
            });
  }

  @Test
  void unlimitedPreemptionsFindALostUpdate() {
    assertThrows(
        ScheduleFailure.class, () -> brokenCounter().preemptions(Bounds.UNLIMITED).explore());
  }

  @Test
  void aScheduleHasOneTurnForEachStep() {
    ScheduleFailure failure = assertThrows(ScheduleFailure.class, brokenCounter()::explore);
    assertEquals(6, failure.schedule().steps());
  }

  @Test
  void countingPreemptionsCostsStates() {
    long unlimited = writers().preemptions(Bounds.UNLIMITED).explore().states();
    long counted = writers().preemptions(100).explore().states();
    assertTrue(unlimited < counted, unlimited + " and " + counted);
  }

  private static Simulation writers() {
    return Simulation.ofWords(3)
        .scenario(
            s -> {
              for (int i = 0; i < 3; i++) {
                int own = i;
                s.process(
                    "writer " + i,
                    p -> {
                      p.memory().putLong(p.word(own), 1);
                      p.memory().putLong(p.word(own), 2);
                    });
              }
            });
  }

  @Test
  void whatTheDeadHadReadTellsNoStatesApartIfOnlyMemoryIsChecked() {
    long all = reader(false).explore().states();
    long memoryOnly = reader(true).explore().states();
    assertTrue(memoryOnly < all, memoryOnly + " of " + all);
  }

  private static Simulation reader(boolean memoryOnly) {
    return Simulation.ofWords(1)
        .scenario(
            s -> {
              s.process("reader", p -> p.memory().getLong(p.word(0)));
              s.process("writer", p -> p.memory().putLong(p.word(0), 1));
              s.process("late", p -> p.memory().getAndAddLong(p.word(0), 0));
              ProcessBody check = p -> assertEquals(1, p.memory().getLong(p.word(0)));
              if (memoryOnly) {
                s.checkMemory(check);
              } else {
                s.check(check);
              }
            })
        .preemptions(Bounds.UNLIMITED);
  }
}
