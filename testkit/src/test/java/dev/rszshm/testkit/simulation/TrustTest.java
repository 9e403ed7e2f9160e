package dev.rszshm.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Calls of code that is trusted are one step, and what is around them is explored as ever. */
class TrustTest {
  /** Takes numbers in many steps, and would be wrong if two did at the same time. */
  static final class Numbers {
    private Numbers() {}

    static long take(SimulatedProcess process) {
      long number = process.memory().getLongAcquire(process.word(0)) + 1;
      process.memory().putLongVolatile(process.word(1), number);
      process.memory().putLongVolatile(process.word(0), number);
      return number;
    }

    static void writeLine(SimulatedProcess process) {
      for (int i = 0; i < 5; i++) {
        process.memory().putLongVolatile(process.word(1), i);
      }
    }

    static void awaitTwo(SimulatedProcess process) {
      while (process.memory().getIntVolatile(process.word(0)) < 2) {
        int found = process.memory().getIntVolatile(process.word(0));
        process.calls().waitOnWord(process.word(0), found, Duration.ofDays(1).toNanos());
      }
    }

    static void spinForTwo(SimulatedProcess process) {
      while (process.memory().getLongAcquire(process.word(0)) < 2) {
        Thread.onSpinWait();
      }
    }
  }

  private static long word(SimulatedProcess process, int index) {
    return process.memory().getLongAcquire(process.word(index));
  }

  private static void put(SimulatedProcess process, int index, long value) {
    process.memory().putLongRelease(process.word(index), value);
  }

  /** Two processes take a number each; then each does something of its own. */
  private static Simulation taking(ProcessBody more) {
    return Simulation.ofWords(4)
        .scenario(
            s -> {
              for (String name : new String[] {"one", "two"}) {
                s.process(
                    name,
                    p -> {
                      Numbers.take(p);
                      more.run(p);
                    });
              }
              s.check(p -> assertEquals(2, word(p, 0), "numbers"));
            });
  }

  @Test
  void theInsideOfTrustedCodeIsNotExplored() {
    ScheduleFailure failure = assertThrows(ScheduleFailure.class, taking(p -> {})::explore);
    assertTrue(failure.getMessage().contains("numbers"), failure::getMessage);
    Exploration exploration = taking(p -> {}).trusting(Numbers.class).explore();
    assertTrue(exploration.complete() && exploration.unbounded());
    assertEquals(2, exploration.schedules());
    String name = Numbers.class.getPackageName();
    assertEquals(2, taking(p -> {}).trustingPackages(name).explore().schedules());
    String other = name.substring(0, name.length() - 1);
    assertThrows(ScheduleFailure.class, taking(p -> {}).trustingPackages(other)::explore);
  }

  @Test
  void whatIsWrongOutsideOfTrustedCodeIsFoundInFewerSchedules() {
    Simulation hasty = counting(p -> put(p, 2, word(p, 2) + 1));
    assertThrows(ScheduleFailure.class, hasty::explore);
    ScheduleFailure outside =
        assertThrows(ScheduleFailure.class, hasty.trusting(Numbers.class)::explore);
    assertTrue(outside.getMessage().contains("counted"), outside::getMessage);
    assertEquals("A2 B3 A", outside.schedule().toString());
    ScheduleFailure again =
        assertThrows(ScheduleFailure.class, () -> hasty.trusting(Numbers.class).replay("A2 B3 A"));
    assertEquals(outside.getMessage(), again.getMessage());

    Simulation right = counting(p -> p.memory().getAndAddLong(p.word(2), 1));
    long all = right.explore().schedules();
    long fewer = right.trusting(Numbers.class).explore().schedules();
    assertTrue(4 * fewer < all, fewer + " schedules instead of " + all);
  }

  /** Two processes write a line each, and then count it. */
  private static Simulation counting(ProcessBody count) {
    return Simulation.ofWords(4)
        .scenario(
            s -> {
              for (String name : new String[] {"one", "two"}) {
                s.process(
                    name,
                    p -> {
                      Numbers.writeLine(p);
                      count.run(p);
                    });
              }
              s.check(p -> assertEquals(2, word(p, 2), "counted"));
            });
  }

  @Test
  void nobodyDiesInTheMidstOfATrustedCallButBeforeAndAfterIt() {
    Simulation dying =
        Simulation.ofWords(4)
            .scenario(
                s -> {
                  s.process(
                      "one",
                      p -> {
                        put(p, 2, 1);
                        Numbers.take(p);
                        put(p, 3, 1);
                      });
                  s.check(
                      p -> {
                        assertEquals(word(p, 0), word(p, 1), "half a number");
                        p.sometimes("dead before", word(p, 2) == 1 && word(p, 0) == 0);
                        p.sometimes("dead after", word(p, 0) == 1 && word(p, 3) == 0);
                      });
                })
            .kills(1);
    assertThrows(ScheduleFailure.class, dying::explore);
    assertThrows(CrashFailure.class, () -> dying.crashes().run());
    dying.trusting(Numbers.class).explore();
    CrashReport report = dying.trusting(Numbers.class).crashes().run();
    assertEquals(3, report.effects().size(), report.effects()::toString);
    assertTrue(report.effects().get(1).startsWith("volatile store"), report.effects()::toString);
  }

  @Test
  void aDeathAtTheEndOfTheLastCallIsTried() {
    Simulation last =
        Simulation.ofWords(4)
            .scenario(
                s ->
                    s.process("one", Numbers::take)
                        .recovery(p -> put(p, 3, word(p, 0) + 1))
                        .check(p -> assertTrue(word(p, 3) < 2, "recovered what was complete")));
    CrashFailure failure =
        assertThrows(
            CrashFailure.class, () -> last.trusting(Numbers.class).crashes().kills(1).run());
    assertEquals("1", failure.crash());
  }

  @Test
  void twoCallsFromDifferentPlacesAreTwoSteps() {
    Simulation twice =
        Simulation.ofWords(4)
            .scenario(
                s -> {
                  s.process(
                      "one",
                      p -> {
                        Numbers.take(p);
                        Numbers.take(p);
                      });
                  s.process("two", p -> assertTrue(word(p, 0) != 1, "between the two"));
                });
    ScheduleFailure failure =
        assertThrows(ScheduleFailure.class, twice.trusting(Numbers.class)::explore);
    assertEquals("A B", failure.schedule().toString());
  }

  @Test
  void anInvariantIsCheckedWhenTheCallIsOver() {
    ProcessBody alike = p -> assertEquals(word(p, 0), word(p, 1), "half a number");
    Simulation watched =
        Simulation.ofWords(4).scenario(s -> s.process("one", Numbers::take).invariant(alike));
    assertThrows(ScheduleFailure.class, watched::explore);
    watched.trusting(Numbers.class).explore();
    ProcessBody none = p -> assertEquals(0, word(p, 0), "a number");
    Simulation never =
        Simulation.ofWords(4).scenario(s -> s.process("one", Numbers::take).invariant(none));
    ScheduleFailure failure =
        assertThrows(ScheduleFailure.class, never.trusting(Numbers.class)::explore);
    assertTrue(failure.getMessage().contains("the invariant does not hold"), failure::getMessage);
  }

  @Test
  void aTrustedCallThatWaitsLetsOthersGoOn() {
    for (ProcessBody waiting : new ProcessBody[] {Numbers::awaitTwo, Numbers::spinForTwo}) {
      Simulation.ofWords(4)
          .scenario(
              s -> {
                s.process("waits", waiting);
                s.process(
                    "comes",
                    p -> {
                      Numbers.take(p);
                      Numbers.take(p);
                      p.calls().wakeWord(p.word(0), 1);
                    });
              })
          .trusting(Numbers.class)
          .explore();
    }
  }

  @Test
  void noLoadOfATrustedCallGetsAnOlderValue() {
    Simulation stale =
        Simulation.ofWords(4)
            .scenario(
                s -> {
                  s.process("one", p -> p.memory().putLong(p.word(0), 1));
                  s.process(
                      "two",
                      p -> {
                        boolean there = p.memory().getLong(p.word(0)) == 1;
                        assertTrue(!there || Numbers.take(p) == 2, "an older number");
                      });
                })
            .staleLoads(1);
    stale.trusting(Numbers.class).explore();
  }
}
