package dev.rszshm.tests.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.EventCount;
import dev.rszshm.sync.internal.DeathWatch;
import dev.rszshm.sync.internal.WaitMode;
import dev.rszshm.sync.internal.WaitPoint;
import dev.rszshm.sync.internal.WaitResult;
import dev.rszshm.sync.internal.Waiting;
import dev.rszshm.testkit.simulation.Scenario;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Schedules;
import dev.rszshm.tests.Storm;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The loop in which everybody waits, in every order of steps and with deaths. */
class WaitingSimulationTest {
  /** What looking at the clock takes; far less than a sleep. */
  private static final long LATE = 1_000_000;

  private static final int ITEMS = 64;
  private static final int OWNER = 128;

  private static Simulation of(Consumer<Scenario> scenario) {
    return Simulation.ofHeap(() -> Heap.builder().span(1 << 20).participants(5).length(8192))
        .scenario(scenario);
  }

  private static EventCount event(SimulatedProcess p, int number) {
    return EventCount.at(p.heap(), p.heap().dataOffset() + 4 * number);
  }

  private static long at(SimulatedProcess p, int where) {
    return p.heap().dataOffset() + where;
  }

  /** Takes one of the items, of which there are fewer than takers want. */
  private static Boolean take(SimulatedProcess p) {
    while (true) {
      long items = p.heap().getLongVolatile(at(p, ITEMS));
      if (items == 0) {
        return null;
      }
      if (p.heap().compareAndSetLong(at(p, ITEMS), items, items - 1)) {
        return true;
      }
    }
  }

  private static void give(SimulatedProcess p) {
    p.heap().getAndAddLong(at(p, ITEMS), 1);
    event(p, 0).signalOne();
  }

  private static WaitResult<Boolean> takeOne(SimulatedProcess p, WaitMode mode) {
    return Waiting.await(WaitPoint.of(event(p, 0)), null, ask -> take(p), mode);
  }

  /** Time passes only when nobody can go on: then one who waits has missed its wake-up. */
  private static Simulation takersAndGiver(int takers) {
    return of(
        s -> {
          long[] times = new long[takers + 1];
          for (int i = 0; i < takers; i++) {
            int mine = i;
            s.process(
                "taker " + i,
                p -> {
                  assertTrue(takeOne(p, WaitMode.UNINTERRUPTIBLE).isDone());
                  times[mine] = p.calls().nanoTime();
                });
          }
          s.process(
              "giver",
              p -> {
                for (int i = 0; i < takers; i++) {
                  give(p);
                }
                times[takers] = p.calls().nanoTime();
              });
          s.check(
              p -> {
                for (long time : times) {
                  assertTrue(time <= times[takers] + LATE, "somebody slept on");
                }
                assertEquals(0, p.heap().getLong(at(p, ITEMS)));
              });
        });
  }

  @Test
  void noSignalIsMissedBetweenLookAndSleep() {
    Schedules.explore("waiting", takersAndGiver(2).preemptions(Storm.count(2, 3)));
    Schedules.explore(
        "waiting, weak", takersAndGiver(1).staleLoads(2).preemptions(Storm.count(2, 3)));
    Schedules.explore(
        "waiting, spinning", takersAndGiver(1).processors(2).preemptions(Storm.count(2, 3)));
  }

  /** One item; one taker gives up after a while: the other gets it without having slept on. */
  @Test
  void whoGivesUpTakesNobodysSignal() {
    Schedules.explore(
        "waiting, giving up",
        of(s -> {
              int[] got = new int[2];
              s.process(
                  "short of time",
                  p -> {
                    WaitMode mode = WaitMode.within(p.heap(), Duration.ofMillis(5));
                    got[0] = takeOne(p, mode).isDone() ? 1 : 0;
                  });
              s.process(
                  "patient",
                  p -> {
                    WaitMode mode = WaitMode.within(p.heap(), Duration.ofMillis(500));
                    got[1] = takeOne(p, mode).isDone() ? 1 : 0;
                  });
              s.survivor("giver", WaitingSimulationTest::give);
              s.check(
                  p -> assertEquals(1, got[0] + got[1] + p.heap().getLong(at(p, ITEMS)), "items"));
              s.check(
                  p ->
                      assertTrue(
                          got[1] == 1 || p.heap().getLong(at(p, ITEMS)) == 0,
                          "an item lies there, and who waited 500 ms has not seen it"));
            })
            .preemptions(Storm.count(2, 3)));
  }

  /** A mark that the dead have left is found by the look that asks, whenever they died. */
  @Test
  void whatTheDeadHaveLeftIsFoundByALookThatAsks() {
    Schedules.explore(
        "waiting, deaths",
        of(s -> {
              s.process(
                  "owner",
                  p -> {
                    p.heap().putIntVolatile(at(p, OWNER), p.heap().self().orElseThrow().tag());
                    p.heap().putIntVolatile(at(p, OWNER), 0);
                    event(p, 0).signalAll();
                  });
              s.survivor(
                  "waiter",
                  p -> {
                    long begin = p.calls().nanoTime();
                    DeathWatch deaths = new DeathWatch(p.heap());
                    WaitResult<String> result =
                        Waiting.await(
                            WaitPoint.of(event(p, 0)),
                            deaths,
                            ask -> lookAtOwner(p, ask),
                            WaitMode.UNINTERRUPTIBLE);
                    assertTrue(result.isDone());
                    long waited = p.calls().nanoTime() - begin;
                    assertTrue(waited <= 100_000_000 + LATE, waited + " ns");
                  });
            })
            .kills(1)
            .preemptions(Storm.count(2, 3)));
  }

  private static String lookAtOwner(SimulatedProcess p, boolean ask) {
    int owner = p.heap().getIntVolatile(at(p, OWNER));
    if (owner == 0) {
      return "free";
    }
    return ask && !p.heap().isAlive(owner) ? "dead" : null;
  }

  /** Of two event counts, either wakes who waits for both. */
  @Test
  void anyOfSeveralEventsWakes() {
    Schedules.explore(
        "waiting for any",
        of(s -> {
              long[] times = new long[2];
              s.process(
                  "waiter",
                  p -> {
                    List<EventCount> both = List.of(event(p, 0), event(p, 1));
                    WaitResult<Boolean> result =
                        Waiting.await(
                            WaitPoint.ofAny(p.heap(), both),
                            null,
                            ask -> p.heap().getLongVolatile(at(p, ITEMS)) == 1 ? true : null,
                            WaitMode.UNINTERRUPTIBLE);
                    assertTrue(result.isDone());
                    times[0] = p.calls().nanoTime();
                  });
              s.process(
                  "signaller",
                  p -> {
                    p.heap().putLongVolatile(at(p, ITEMS), 1);
                    event(p, 1).signalOne();
                    times[1] = p.calls().nanoTime();
                  });
              s.check(p -> assertTrue(times[0] <= times[1] + LATE, "slept on"));
            })
            .preemptions(Storm.count(3, 5)));
  }
}
