package dev.rszshm.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.spi.SystemCalls.Wait;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Processes that sleep and spin: whoever waits for ever is found, and who does not is not. */
class WaitingTest {
  private static final long DAY = TimeUnit.DAYS.toNanos(1);
  private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);

  private static Simulation of(ProcessBody... bodies) {
    return Simulation.ofWords(2)
        .scenario(
            s -> {
              for (int i = 0; i < bodies.length; i++) {
                s.process("p" + i, bodies[i]);
              }
            });
  }

  private static void assertHangs(String who, Simulation simulation) {
    ScheduleFailure failure = assertThrows(ScheduleFailure.class, simulation::explore);
    assertTrue(failure.getMessage().contains("nobody goes on"), failure::getMessage);
    assertTrue(failure.getMessage().contains(who), failure::getMessage);
    ScheduleFailure again =
        assertThrows(ScheduleFailure.class, () -> simulation.replay(failure.schedule().toString()));
    assertEquals(failure.schedule(), again.schedule());
  }

  private static long get(SimulatedProcess process, int word) {
    return process.memory().getLongVolatile(process.word(word));
  }

  private static void lock(SimulatedProcess process, int word) {
    while (!process.memory().compareAndSetLong(process.word(word), 0, 1)) {
      Thread.onSpinWait();
    }
  }

  private static void lockBoth(SimulatedProcess process, int first, int second) {
    lock(process, first);
    lock(process, second);
    process.memory().putLongVolatile(process.word(second), 0);
    process.memory().putLongVolatile(process.word(first), 0);
  }

  @Test
  void aSleepWithoutEndIsAHang() {
    assertHangs("p0 waits at words+0x0", of(p -> p.calls().waitOnWord(p.word(0), 0, DAY)));
    assertHangs(
        "p0 waits at words+0x0",
        of(
            p -> {
              while (get(p, 0) == 0) {
                p.calls().waitOnWord(p.word(0), 0, TimeUnit.SECONDS.toNanos(1));
              }
            }));
    assertHangs(
        "p0 pauses",
        of(
            p -> {
              while (get(p, 0) == 0) {
                p.calls().pause(100 * MILLISECOND);
              }
            }));
  }

  @Test
  void aLoopThatWaitsForWhatDoesNotComeIsAHang() {
    assertHangs(
        "p0 looks again and again",
        of(
            p -> {
              while (get(p, 0) == 0) {
                Thread.onSpinWait();
              }
            },
            p -> p.memory().putLong(p.word(1), 1)));
  }

  @Test
  void twoLocksInOppositeOrderAreADeadlock() {
    ProcessBody forward = p -> lockBoth(p, 0, 1);
    ProcessBody backward = p -> lockBoth(p, 1, 0);
    Simulation simulation = of(forward, backward);
    assertHangs("p0 looks again and again at what does not change, p1 looks again", simulation);
    ScheduleFailure failure = assertThrows(ScheduleFailure.class, simulation::explore);
    assertTrue(failure.schedule().toString().startsWith("A B"), failure::getMessage);
  }

  @Test
  void processesThatKeepEachOtherBusyForEverReachTheLimitOfSteps() {
    ProcessBody busy =
        p -> {
          while (get(p, 1) == 0) {
            p.memory().getAndAddLong(p.word(0), 1);
          }
        };
    Simulation simulation = of(busy, busy);
    Simulation limited = simulation.bounds(simulation.bounds().steps(500));
    ScheduleFailure failure = assertThrows(ScheduleFailure.class, limited::explore);
    assertTrue(failure.getMessage().contains("do not come to an end"), failure::getMessage);
    assertTrue(failure.getMessage().contains("501 steps"), failure::getMessage);
  }

  @Test
  void theLimitOfStepsEndsCodeThatCatchesErrorsToo() {
    ProcessBody swallowing =
        p -> {
          while (true) {
            try {
              p.memory().getAndAddLong(p.word(0), 1);
            } catch (AssertionError e) {
              Thread.onSpinWait();
            }
          }
        };
    Simulation simulation = of(swallowing);
    assertThrows(
        ScheduleFailure.class, () -> simulation.bounds(simulation.bounds().steps(500)).explore());
  }

  @Test
  void aLoopThatGivesUpAfterManyLooksIsNoHang() {
    ProcessBody patient =
        p -> {
          for (int i = 0; i < 150 && get(p, 0) == 0; i++) {
            Thread.onSpinWait();
          }
        };
    assertTrue(of(patient).explore().complete());
    assertTrue(of(patient, patient).preemptions(1).explore().complete());
  }

  @Test
  void aLoopThatWaitsForATimeComesToAnEnd() {
    ProcessBody watching =
        p -> {
          long until = p.calls().nanoTime() + TimeUnit.SECONDS.toNanos(10);
          while (get(p, 0) == 0 && p.calls().nanoTime() < until) {
            Thread.onSpinWait();
          }
        };
    ProcessBody onlyTheClock =
        p -> {
          long until = p.calls().nanoTime() + TimeUnit.SECONDS.toNanos(1);
          while (p.calls().nanoTime() < until) {
            Thread.onSpinWait();
          }
        };
    assertTrue(of(watching).explore().complete());
    assertTrue(of(onlyTheClock).explore().complete());
    assertTrue(of(watching, p -> p.calls().pause(DAY / 24 / 60)).explore().complete());
  }

  @Test
  void theClockGoesOnToTheFirstTimer() {
    Set<String> orders = new TreeSet<>();
    Simulation.ofWords(1)
        .scenario(
            s -> {
              StringBuilder order = new StringBuilder();
              for (long time : new long[] {30, 10, 20}) {
                s.process(
                    "p" + time,
                    p -> {
                      p.calls().pause(time * MILLISECOND);
                      order.append(p.calls().nanoTime() / MILLISECOND).append(' ');
                    });
              }
              s.check(p -> orders.add(order.toString()));
            })
        .preemptions(0)
        .explore();
    assertEquals(Set.of("10 20 30 "), orders);
  }

  @Test
  void aWaitEndsInEveryWayItCan() {
    Set<Wait> ends = EnumSet.noneOf(Wait.class);
    of(
            p -> ends.add(p.calls().waitOnWord(p.word(0), 0, MILLISECOND)),
            p -> {
              p.memory().putIntVolatile(p.word(0), 1);
              p.calls().wakeWord(p.word(0), 1);
            })
        .explore();
    assertEquals(EnumSet.complementOf(EnumSet.of(Wait.INTERRUPTED)), ends, "there are no signals");
  }

  @Test
  void asManyAreWokenAsWasAskedFor() {
    ProcessBody sleeper = p -> p.calls().waitOnWord(p.word(0), 0, DAY);
    Set<Integer> woken = new TreeSet<>();
    Simulation.ofWords(1)
        .scenario(
            s ->
                s.process("a", sleeper)
                    .process("b", sleeper)
                    .process(
                        "waker",
                        p -> {
                          p.memory().putIntVolatile(p.word(0), 1);
                          int first = p.calls().wakeWord(p.word(0), 1);
                          woken.add(first + 10 * p.calls().wakeWord(p.word(0), 9));
                        }))
        .explore();
    assertEquals(Set.of(0, 1, 11), woken);
  }

  /** Who changes the word looks for a sleeper first, and too early. */
  private static Simulation looksBeforeItSleeps(int looks) {
    return of(
        p -> {
          for (int i = 0; i < looks; i++) {
            if (p.memory().getIntVolatile(p.word(0)) != 0) {
              return;
            }
          }
          p.memory().putLongVolatile(p.word(1), 1);
          while (p.memory().getIntVolatile(p.word(0)) == 0) {
            p.calls().waitOnWord(p.word(0), 0, DAY);
          }
        },
        p -> {
          final boolean sleeps = get(p, 1) != 0;
          p.memory().putIntVolatile(p.word(0), 1);
          if (sleeps) {
            p.calls().wakeWord(p.word(0), 1);
          }
        });
  }

  @Test
  void aWaiterIsLedToItsSleepHoweverOftenItLooksBefore() {
    for (int looks : new int[] {1, 10, 47, 48, 60, 200}) {
      assertHangs("p0 waits at words+0x0", looksBeforeItSleeps(looks));
    }
    assertHangs("p0 waits at words+0x0", looksBeforeItSleeps(2000).looks(2100));
  }

  /** What is not looked at is said. */
  @Test
  void anExplorationSaysHowOftenALoopLooks() {
    Exploration exploration = looksBeforeItSleeps(300).explore();
    assertTrue(exploration.toString().contains("256 looks a loop"), exploration::toString);
  }

  @Test
  void anyOfThoseWhoSleepMayBeWoken() {
    Set<String> woken = new TreeSet<>();
    Simulation.ofWords(1)
        .scenario(
            s -> {
              StringBuilder order = new StringBuilder();
              for (String name : new String[] {"a", "b", "c"}) {
                s.process(
                    name,
                    p -> {
                      boolean first = p.calls().waitOnWord(p.word(0), 0, MILLISECOND) == Wait.WOKEN;
                      order.append(first ? name : "");
                    });
              }
              s.process("waker", p -> p.calls().wakeWord(p.word(0), 2));
              s.check(p -> woken.add(order.toString()));
            })
        .preemptions(0)
        .explore();
    assertTrue(woken.containsAll(Set.of("ab", "ac", "bc")), woken::toString);
  }

  @Test
  void aWakeUpOfTheWrongOneIsFoundInEveryOrderOfTheProcesses() {
    ProcessBody concerned =
        p -> {
          while (get(p, 1) == 0) {
            p.calls().waitOnWord(p.word(0), 0, DAY);
          }
        };
    ProcessBody other = p -> p.calls().waitOnWord(p.word(0), 0, 20 * MILLISECOND);
    ProcessBody waker =
        p -> {
          p.calls().pause(MILLISECOND); // so that both sleep
          p.memory().putLongVolatile(p.word(1), 1);
          p.calls().wakeWord(p.word(0), 1);
        };
    assertHangs("p0 waits at words+0x0", of(concerned, other, waker).preemptions(0));
    assertHangs("p1 waits at words+0x0", of(other, concerned, waker).preemptions(0));
  }

  @Test
  void codeSpinsIfThereAreSeveralProcessors() {
    Set<Integer> looks = new TreeSet<>();
    ProcessBody spinning =
        p -> {
          int count = 0;
          if (p.calls().processors() > 1) {
            long start = p.calls().nanoTime();
            do {
              count++;
            } while (get(p, 0) == 0 && p.calls().nanoTime() - start < 5_000);
          }
          looks.add(count);
        };
    Simulation two = of(spinning, p -> p.memory().putLong(p.word(0), 1));
    two.explore();
    assertEquals(Set.of(0), looks);
    looks.clear();
    assertTrue(two.processors(2).explore().complete());
    assertEquals(Set.of(1, 2, 3, 4, 5), looks);
  }
}
