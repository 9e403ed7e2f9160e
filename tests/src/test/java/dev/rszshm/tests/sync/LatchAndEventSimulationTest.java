package dev.rszshm.tests.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.RobustLatch;
import dev.rszshm.sync.SharedEvent;
import dev.rszshm.sync.SharedLatch;
import dev.rszshm.testkit.simulation.Scenario;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Schedules;
import dev.rszshm.tests.Storm;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Latches and events in every order of steps: whoever waits learns of what came to pass. */
class LatchAndEventSimulationTest {
  private static final int DATA = 1024;

  /** What looking at the clock takes; far less than a sleep. */
  private static final long LATE = 1_000_000;

  private static Simulation of(int count, Consumer<Scenario> scenario) {
    return Simulation.ofHeap(() -> Heap.builder().span(1 << 20).participants(5).length(16384))
        .setUp(p -> SharedLatch.at(p.heap(), p.heap().dataOffset(), count))
        .scenario(scenario);
  }

  private static SharedLatch latch(SimulatedProcess p) {
    return SharedLatch.at(p.heap(), p.heap().dataOffset());
  }

  private static SharedEvent event(SimulatedProcess p) {
    return SharedEvent.at(p.heap(), p.heap().dataOffset() + 128);
  }

  private static long data(SimulatedProcess p, int number) {
    return p.heap().dataOffset() + DATA + 8 * number;
  }

  /** Time passes only when nobody can go on: then a waiter has missed its wake-up. */
  private static Simulation latchOf(int counters, int waiters) {
    return of(
        counters,
        s -> {
          long[] times = new long[counters + waiters];
          for (int i = 0; i < counters; i++) {
            int mine = i;
            s.process(
                "counter " + i,
                p -> {
                  p.heap().putLong(data(p, mine), 1);
                  latch(p).countDown();
                  times[mine] = p.calls().nanoTime();
                });
          }
          for (int i = counters; i < counters + waiters; i++) {
            int mine = i;
            s.process(
                "waiter " + i,
                p -> {
                  latch(p).await();
                  for (int counter = 0; counter < counters; counter++) {
                    assertEquals(1, p.heap().getLong(data(p, counter)), "what came before");
                  }
                  times[mine] = p.calls().nanoTime();
                });
          }
          s.check(
              p -> {
                long done = Arrays.stream(times, 0, counters).max().orElseThrow();
                for (long time : times) {
                  assertTrue(time <= done + LATE, "somebody slept on when all was counted");
                }
              });
        });
  }

  @Test
  void whoeverWaitsAtALatchGoesOnWhenAllAreCounted() {
    Schedules.explore("latch", latchOf(2, 1).preemptions(Storm.count(2, 4)));
    Schedules.explore("latch of two who wait", latchOf(1, 2).preemptions(Storm.count(2, 3)));
    Schedules.explore("latch, weak", latchOf(1, 1).staleLoads(2).preemptions(Storm.count(2, 4)));
    Schedules.explore(
        "latch, spinning", latchOf(1, 1).processors(2).preemptions(Storm.count(2, 4)));
  }

  private static RobustLatch robust(SimulatedProcess p) {
    return RobustLatch.at(p.heap(), p.heap().dataOffset() + 256, 2);
  }

  /** Whoever registers and dies, at whatever step, is counted for; who has not is not. */
  @Test
  void aRobustLatchOpensForAllWhoHaveRegisteredOrCounted() {
    Schedules.explore(
        "robust latch, deaths",
        of(
                1,
                s -> {
                  boolean[] registered = new boolean[2];
                  for (int i = 0; i < 2; i++) {
                    int mine = i;
                    s.process(
                        "counter " + i,
                        p -> {
                          RobustLatch latch = robust(p);
                          latch.register();
                          registered[mine] = true;
                          latch.countDown();
                        });
                  }
                  s.survivor(
                      "waiter",
                      p -> {
                        boolean open = robust(p).await(Duration.ofMillis(400));
                        assertTrue(open || !(registered[0] && registered[1]), "waited in vain");
                      });
                  s.check(
                      p -> {
                        RobustLatch latch = RobustLatch.at(p.heap(), p.heap().dataOffset() + 256);
                        int all = latch.count() == 0 ? 1 : 0;
                        assertTrue(latch.lostCount() <= 1, "one has died at most");
                        assertTrue(all == 1 || !(registered[0] && registered[1]));
                      });
                })
            .kills(1)
            .preemptions(Storm.count(1, 2)));
  }

  /** A counter dies and has counted or not; a waiter dies and takes nobody's wake-up with it. */
  private static Simulation dyingAtLatch() {
    return of(
        2,
        s -> {
          s.process("mortal counter", p -> count(p, 0));
          s.survivor("counter", p -> count(p, 1));
          s.process("mortal waiter", p -> awaitShortly(p));
          s.survivor("waiter", p -> awaitShortly(p));
          s.check(
              p -> {
                long begun = p.heap().getLong(data(p, 0)) + p.heap().getLong(data(p, 1));
                assertTrue(latch(p).count() >= 2 - begun, "counted by nobody");
                assertTrue(latch(p).count() <= 1, "who lives has counted");
              });
        });
  }

  private static void count(SimulatedProcess p, int number) {
    p.heap().putLong(data(p, number), 1);
    latch(p).countDown();
  }

  private static void awaitShortly(SimulatedProcess p) throws InterruptedException {
    boolean counted = latch(p).await(Duration.ofMillis(60));
    if (counted) {
      assertEquals(1, p.heap().getLong(data(p, 0)), "what came before");
      assertEquals(1, p.heap().getLong(data(p, 1)), "what came before");
    } else {
      assertTrue(p.calls().nanoTime() >= 60_000_000, "it has waited");
    }
  }

  /** The counter lives: if one of two waiters dies, the other one is woken. */
  private static Simulation dyingWaiter() {
    return of(
        1,
        s -> {
          long[] times = new long[2];
          s.survivor(
              "counter",
              p -> {
                count(p, 0);
                times[0] = p.calls().nanoTime();
              });
          s.process("mortal", p -> latch(p).await());
          s.survivor(
              "waiter",
              p -> {
                latch(p).await();
                times[1] = p.calls().nanoTime();
              });
          s.check(p -> assertTrue(times[1] <= times[0] + LATE, "it slept on"));
        });
  }

  @Test
  void aDeathAtALatchCountsOrDoesNotAndTakesNoWakeUp() {
    Schedules.explore("latch, deaths", dyingAtLatch().kills(1).preemptions(Storm.count(0, 1)));
    Schedules.explore(
        "latch, a waiter dies", dyingWaiter().kills(1).preemptions(Storm.count(1, 3)));
  }

  private static Simulation eventOf(int waiters) {
    return of(
        1,
        s -> {
          long[] times = new long[1 + waiters];
          s.survivor(
              "setter",
              p -> {
                p.heap().putLong(data(p, 0), 1);
                event(p).set();
                times[0] = p.calls().nanoTime();
              });
          for (int i = 1; i <= waiters; i++) {
            int mine = i;
            s.process(
                "waiter " + i,
                p -> {
                  event(p).await();
                  assertEquals(1, p.heap().getLong(data(p, 0)), "what came before");
                  times[mine] = p.calls().nanoTime();
                });
          }
          s.check(
              p -> {
                for (long time : times) {
                  assertTrue(time <= times[0] + LATE, "somebody slept on when the event was set");
                }
              });
        });
  }

  @Test
  void whoeverWaitsForAnEventGoesOnWhenItIsSet() {
    Schedules.explore("event", eventOf(2).preemptions(Storm.count(3, 4)));
    Schedules.explore("event, deaths", eventOf(2).kills(1).preemptions(Storm.count(1, 2)));
    Schedules.explore("event, weak", eventOf(1).staleLoads(2).preemptions(Storm.count(2, 4)));
    Schedules.explore("event, spinning", eventOf(1).processors(2).preemptions(Storm.count(2, 4)));
  }

  /** The setter dies and has set or not; whoever lives learns what is so. */
  @Test
  void aSetterThatDiesHasSetTheEventOrNot() {
    Schedules.explore(
        "event, the setter dies",
        of(
                1,
                s -> {
                  s.process(
                      "setter",
                      p -> {
                        p.heap().putLong(data(p, 0), 1);
                        event(p).set();
                        event(p).reset();
                        event(p).set();
                      });
                  s.survivor(
                      "waiter",
                      p -> {
                        if (event(p).await(Duration.ofMillis(60))) {
                          assertEquals(1, p.heap().getLong(data(p, 0)), "what came before");
                        } else {
                          assertTrue(p.calls().nanoTime() >= 60_000_000, "it has waited");
                        }
                      });
                })
            .kills(1)
            .preemptions(Storm.count(2, 4)));
  }

  @Test
  void anEventThatIsResetWasMissedOrNot() {
    Schedules.explore(
        "event, reset",
        of(
                1,
                s -> {
                  s.process(
                      "setter",
                      p -> {
                        event(p).set();
                        assertTrue(event(p).reset());
                      });
                  s.process(
                      "waiter",
                      p -> {
                        if (!event(p).await(Duration.ofMillis(60))) {
                          assertTrue(p.calls().nanoTime() >= 60_000_000, "it has waited");
                        }
                      });
                })
            .preemptions(Storm.count(3, 5)));
  }
}
