package dev.rszshm.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What goes wrong in the code under test, or in how it is used, is said clearly. */
class FailureTest {
  private static Simulation of(ProcessBody... bodies) {
    return Simulation.ofWords(2)
        .scenario(
            s -> {
              for (int i = 0; i < bodies.length; i++) {
                s.process("p" + i, bodies[i]);
              }
            });
  }

  private static void put(SimulatedProcess process, int word, long value) {
    process.memory().putLongVolatile(process.word(word), value);
  }

  private static ScheduleFailure failureOf(Simulation simulation) {
    return assertThrows(ScheduleFailure.class, simulation::explore);
  }

  private static void assertSays(String text, Throwable failure) {
    assertTrue(failure.getMessage().contains(text), failure::getMessage);
  }

  @Test
  void aScheduleThatDoesNotFitIsRejectedWithWhatWasPossible() {
    Simulation simulation = of(p -> put(p, 0, 1), p -> put(p, 0, 2));
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> simulation.replay("A2 B"));
    assertSays("after 1 moves it says A, possible are B", e);
    assertThrows(IllegalArgumentException.class, () -> simulation.replay("C"));
    assertThrows(IllegalArgumentException.class, () -> simulation.replay("Ax"));
    assertEquals("A B", simulation.replay("A B").toString());
    assertEquals("B Ax", simulation.kills(1).replay("B Ax").toString());
  }

  @Test
  void aScheduleThatIsTooShortGoesOnInTheOrdinaryWay() {
    Simulation simulation = of(p -> put(p, 0, 1), p -> put(p, 0, 2), p -> put(p, 0, 3));
    assertEquals("B A C", simulation.replay("B").toString());
  }

  @Test
  void theEndOfAProcessComesFromNoLine() {
    Simulation simulation =
        Simulation.ofWords(1)
            .scenario(
                s ->
                    s.process("p", p -> put(p, 0, 1))
                        .recovery(p -> {})
                        .check(p -> assertEquals(0, p.memory().getLong(p.word(0)))))
            .kills(1);
    ScheduleFailure failure = failureOf(simulation);
    assertTrue(
        failure.getMessage().lines().anyMatch(line -> line.endsWith(" ends")), failure::getMessage);
  }

  @Test
  void anExplorationOutOfTimeReturnsWhatItHasSeen() {
    Simulation simulation = of(p -> put(p, 0, 1), p -> put(p, 0, 2));
    Exploration partial = simulation.explore(Duration.ZERO);
    assertFalse(partial.complete());
    assertEquals(1, partial.schedules());
    assertTrue(simulation.explore(Duration.ofDays(1000000)).complete());
  }

  @Test
  void aLongTraceShowsTheStepsAroundASwitchInItsMiddle() {
    Simulation simulation =
        of(
            p -> {
              for (int i = 1; i <= 300; i++) {
                put(p, 0, i);
              }
              assertEquals(0, p.memory().getLongVolatile(p.word(1)), "word 1");
            },
            p -> put(p, 1, 77));
    ScheduleFailure failure =
        assertThrows(ScheduleFailure.class, () -> simulation.replay("A150 B A151"));
    assertSays("words+0x0 := 0x96\u0020", failure);
    assertSays("words+0x8 := 0x4d\u0020", failure);
    assertSays("words+0x0 := 0x97\u0020", failure);
    assertFalse(failure.getMessage().contains("words+0x0 := 0x64\u0020"), failure::getMessage);
  }

  @Test
  void aFailureTellsTheStepsTheLinesAndHowToRepeatIt() {
    Simulation simulation =
        of(
            p -> put(p, 0, 1),
            p -> {
              if (p.memory().getLongAcquire(p.word(0)) == 1) {
                throw new IOException("one was seen");
              }
            });
    ScheduleFailure failure = failureOf(simulation);
    assertSays("process p1 failed: java.io.IOException: one was seen", failure);
    assertSays("replay(\"A B\")", failure);
    assertSays("volatile store 64 bits at words+0x0 := 0x1", failure);
    assertSays("acquire load 64 bits at words+0x0 = 0x1", failure);
    assertSays("FailureTest.java:", failure);
    assertEquals(IOException.class, failure.getCause().getClass());
    assertEquals(1, failure.schedules());
  }

  @Test
  void randomFailuresTellTheSeed() {
    ScheduleFailure failure =
        assertThrows(
            ScheduleFailure.class,
            () ->
                of(p -> put(p, 0, 1), p -> assertFalse(p.memory().getLongVolatile(p.word(0)) == 1))
                    .random(4711, 100));
    assertSays("found with the seed 4711", failure);
  }

  @Test
  void theInvariantIsCheckedAfterEachChange() {
    AtomicInteger checks = new AtomicInteger();
    Simulation simulation =
        Simulation.ofWords(2)
            .scenario(
                s ->
                    s.process(
                            "writer",
                            p -> {
                              try {
                                put(p, 0, 1);
                                p.memory().getLong(p.word(0));
                                put(p, 1, 1);
                              } catch (AssertionError swallowed) {
                                put(p, 0, 0);
                              }
                            })
                        .invariant(
                            p -> {
                              checks.incrementAndGet();
                              assertEquals(0, p.memory().getLong(p.word(1)));
                            }));
    ScheduleFailure failure = failureOf(simulation);
    assertSays("process writer failed: java.lang.AssertionError: the invariant", failure);
    assertEquals("A3", failure.schedule().toString());
    assertEquals(0, checks.get() % 2, "twice in each run: a load changes nothing");
  }

  @Test
  void aCheckThatFailsIsTheFailureOfTheRun() {
    Simulation simulation =
        Simulation.ofWords(1)
            .scenario(
                s ->
                    s.process("a", p -> put(p, 0, 1))
                        .check(
                            p -> {
                              throw new IOException("no");
                            }));
    assertSays("the run failed: java.io.IOException: no", failureOf(simulation));
  }

  @Test
  void aSetUpThatFailsIsSaid() {
    IOException no = new IOException("no");
    IllegalStateException e =
        assertThrows(
            IllegalStateException.class,
            () ->
                of(p -> {})
                    .setUp(
                        p -> {
                          throw no;
                        })
                    .explore());
    assertSays("the set-up failed: no", e);
    assertSame(no, e.getCause());
  }

  @Test
  void codeThatIsNotDeterministicIsReported() {
    AtomicInteger runs = new AtomicInteger();
    Simulation simulation =
        of(
            p -> {
              put(p, 0, runs.incrementAndGet());
              put(p, 1, 1);
            },
            p -> put(p, 1, p.memory().getLong(p.word(0))));
    IllegalStateException e = assertThrows(IllegalStateException.class, simulation::explore);
    assertSays("not deterministic", e);
  }

  @Test
  void aFailureThatDoesNotComeAgainIsReportedAsNotDeterministic() {
    AtomicInteger runs = new AtomicInteger();
    Simulation simulation = of(p -> assertTrue(runs.incrementAndGet() != 1, "the first time"));
    assertSays("does not fail again", failureOf(simulation));
  }

  @Test
  void aDeathThatIsCaughtHasNoEffectAnyMore() {
    AtomicReference<Object> seen = new AtomicReference<>();
    Simulation.ofWords(1)
        .scenario(
            s ->
                s.process(
                        "a",
                        p -> {
                          try {
                            put(p, 0, 1);
                            p.memory().getLong(p.word(0));
                          } catch (ProcessKilled e) {
                            put(p, 0, 2);
                          } finally {
                            p.calls().createExclusive("/made-on-the-way-out", 0600);
                          }
                        })
                    .check(
                        p -> {
                          long value = p.memory().getLong(p.word(0));
                          assertTrue(value < 2, "value");
                          seen.set(value);
                        }))
        .kills(1)
        .explore();
    assertTrue(seen.get() != null);
  }

  @Test
  void aDeathThatIsCaughtDoesNotTurnARunThatIsCutOffIntoOneThatEnded() {
    Simulation.ofWords(2)
        .scenario(
            s ->
                s.process(
                        "catches",
                        p -> {
                          try {
                            put(p, 0, 1);
                            put(p, 0, 2);
                          } catch (ProcessKilled e) {
                            // And ends, as if nothing had happened.
                          }
                        })
                    .survivor(
                        "works",
                        p -> {
                          put(p, 1, 1);
                          put(p, 1, 0);
                        })
                    .check(p -> assertEquals(0, p.memory().getLong(p.word(1)), "half of its work")))
        .preemptions(Bounds.UNLIMITED)
        .kills(1)
        .explore();
  }

  @Test
  void codeThatDoesNotLetItselfBeKilledIsReported() {
    Simulation simulation =
        of(p -> {
              while (true) {
                try {
                  put(p, 0, 1);
                  p.memory().getLong(p.word(0));
                  return;
                } catch (ProcessKilled e) {
                  Thread.onSpinWait();
                }
              }
            })
            .kills(1);
    IllegalStateException e = assertThrows(IllegalStateException.class, simulation::explore);
    assertSays("must not catch ProcessKilled", e);
  }

  @Test
  void aSecondThreadIsReported() {
    Simulation simulation =
        of(
            p -> {
              AtomicReference<Throwable> caught = new AtomicReference<>();
              Thread second =
                  new Thread(
                      () -> {
                        try {
                          put(p, 0, 1);
                        } catch (IllegalStateException e) {
                          caught.set(e);
                        }
                      });
              second.start();
              second.join();
              throw new IOException(caught.get());
            });
    assertSays("a simulated process has one thread", failureOf(simulation));
  }

  @Test
  void anAccessThatWouldBeASignalIsReported() {
    ProcessBody wild = p -> p.memory().getLong(p.word(1) + 8);
    assertSays("not mapped", failureOf(of(wild)));
    ProcessBody oblique = p -> p.memory().getLongVolatile(p.word(0) + 4);
    assertSays("not aligned", failureOf(of(oblique)));
  }
}
