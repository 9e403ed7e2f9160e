package dev.rszshm.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What a test keeps beside a run, and what it promises not to look at. */
class GhostStateTest {
  /** Two processes store the same; a third word says who was last. */
  private static Simulation lastWriter(boolean ghost) {
    return Simulation.ofWords(2)
        .scenario(
            s -> {
              for (int i = 1; i <= 2; i++) {
                long number = i;
                s.process(
                    "writer " + i,
                    p -> {
                      p.memory().putLong(p.word(0), 7);
                      (ghost ? p.ghost() : p.memory()).putLong(p.word(1), number);
                    });
              }
              s.checkMemory(p -> assertEquals(2, p.memory().getLong(p.word(1))));
            })
        .preemptions(Bounds.UNLIMITED);
  }

  @Test
  void ghostAccessesAreNoSteps() {
    ScheduleFailure ghost = assertThrows(ScheduleFailure.class, lastWriter(true)::explore);
    ScheduleFailure steps = assertThrows(ScheduleFailure.class, lastWriter(false)::explore);
    assertEquals(steps.schedule().steps() - 2, ghost.schedule().steps());
  }

  @Test
  void noDeathComesBetweenAStepAndItsGhost() {
    Simulation.ofWords(2)
        .scenario(
            s ->
                s.process(
                        "mortal",
                        p -> {
                          p.memory().putLong(p.word(0), 1);
                          p.ghost().putLong(p.word(1), 1);
                          p.memory().putLong(p.word(0), 2);
                        })
                    .checkMemory(
                        p -> {
                          boolean begun = p.memory().getLong(p.word(0)) > 0;
                          assertEquals(begun ? 1 : 0, p.memory().getLong(p.word(1)));
                        }))
        .kills(1)
        .explore();
  }

  @Test
  void statesWithOtherGhostsAreNotTakenForTheSame() {
    // Both orders end with the same in word 0; only what the ghost says is different.
    ScheduleFailure failure = assertThrows(ScheduleFailure.class, lastWriter(true)::explore);
    assertTrue(failure.getMessage().contains("expected: <2> but was: <1>"), failure.getMessage());
  }
}
