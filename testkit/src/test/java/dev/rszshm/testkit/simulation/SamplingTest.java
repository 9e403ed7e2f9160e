package dev.rszshm.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random schedules of each kind, and what must come up in some of them. */
class SamplingTest {
  private static Simulation twoWhoAdd(boolean atomically) {
    ProcessBody add =
        p -> {
          for (int i = 0; i < 5; i++) {
            if (atomically) {
              p.memory().getAndAddLong(p.word(0), 1);
            } else {
              p.memory().putLong(p.word(0), p.memory().getLong(p.word(0)) + 1);
            }
            p.memory().putLong(p.word(1 + p.name().length()), 1); // of no interest
          }
        };
    return Simulation.ofWords(8)
        .scenario(
            s ->
                s.process("a", add)
                    .process("bb", add)
                    .check(p -> assertEquals(10, p.memory().getLong(p.word(0)))));
  }

  @ParameterizedTest
  @EnumSource
  void eachKindFindsALostUpdateAndNothingElse(Sampling sampling) {
    assertEquals(500, twoWhoAdd(true).random(sampling, 1, 500).schedules());
    ScheduleFailure found =
        assertThrows(ScheduleFailure.class, () -> twoWhoAdd(false).random(sampling, 1, 500));
    ScheduleFailure same =
        assertThrows(ScheduleFailure.class, () -> twoWhoAdd(false).random(sampling, 1, 500));
    assertEquals(found.schedule(), same.schedule(), "the seed decides");
    assertThrows(ScheduleFailure.class, () -> twoWhoAdd(false).replay(found.schedule().toString()));
  }

  @Test
  void severalThreadsFindTheSame() {
    assertEquals(500, twoWhoAdd(true).random(Sampling.PARTIAL_ORDER, 1, 500, 4).schedules());
    ScheduleFailure found =
        assertThrows(
            ScheduleFailure.class,
            () -> twoWhoAdd(false).random(Sampling.PARTIAL_ORDER, 1, 500, 4));
    assertThrows(ScheduleFailure.class, () -> twoWhoAdd(false).replay(found.schedule().toString()));
    assertEquals(100, meeting().random(Sampling.UNIFORM, 3, 100, 3).schedules());
  }

  private static Simulation meeting() {
    return Simulation.ofWords(2)
        .scenario(
            s -> {
              s.process("one", p -> p.memory().putLong(p.word(0), 1));
              s.process(
                  "two",
                  p -> {
                    long seen = p.memory().getLong(p.word(0));
                    p.sometimes("two comes first", seen == 0);
                    p.sometimes("one comes first", seen == 1);
                  });
            });
  }

  @Test
  void whatHoldsSometimesIsEnough() {
    assertTrue(meeting().explore().complete());
    assertEquals(100, meeting().random(3, 100).schedules());
  }

  @Test
  void whatNeverHoldsFailsTheWholeRun() {
    Simulation never =
        Simulation.ofWords(1)
            .scenario(
                s ->
                    s.process(
                        "one",
                        p -> {
                          p.sometimes("it is zero", p.memory().getLong(p.word(0)) == 0);
                          p.sometimes("it is one", p.memory().getLong(p.word(0)) == 1);
                        }));
    AssertionError found = assertThrows(AssertionError.class, never::explore);
    assertTrue(found.getMessage().contains("schedules: it is one."), found::getMessage);
    assertThrows(AssertionError.class, () -> never.random(1, 10));
  }
}
