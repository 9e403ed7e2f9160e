package dev.rszshm.tests.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.SharedBarrier;
import dev.rszshm.testkit.simulation.Scenario;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Schedules;
import dev.rszshm.tests.Storm;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** A barrier in every order of steps, with parties that die, come too late, or reset it. */
class BarrierSimulationTest {
  private static final long BROKEN = 1L << 62;
  private static final Duration TIME = Duration.ofMillis(40);

  /** How a visit has ended. */
  private enum End {
    NONE,
    PASSED,
    BROKEN,
    LATE
  }

  private static Simulation of(int parties, int visitors, BiConsumer<Scenario, End[]> scenario) {
    return Simulation.ofHeap(() -> Heap.builder().span(1 << 20).participants(5).length(8192))
        .setUp(p -> SharedBarrier.at(p.heap(), p.heap().dataOffset(), parties))
        .scenario(
            s -> {
              End[] ends = new End[visitors];
              Arrays.fill(ends, End.NONE);
              scenario.accept(s, ends);
            });
  }

  private static SharedBarrier barrier(SimulatedProcess p) {
    return SharedBarrier.at(p.heap(), p.heap().dataOffset());
  }

  private static void visit(SimulatedProcess p, End[] ends, int visitor, Duration time)
      throws InterruptedException {
    try {
      barrier(p).await(time);
      ends[visitor] = End.PASSED;
    } catch (BrokenBarrierException e) {
      ends[visitor] = End.BROKEN;
    } catch (TimeoutException e) {
      ends[visitor] = End.LATE;
    }
    p.calls().nanoTime();
  }

  /** More come than there are parties: each passes with some other, however late it looks. */
  @Test
  void allWhoComeInNumbersPass() {
    Simulation four =
        of(
            2,
            4,
            (s, ends) -> {
              for (int i = 0; i < 4; i++) {
                int visitor = i;
                s.process(
                    "visitor " + i,
                    p -> {
                      visit(p, ends, visitor, Duration.ofDays(1));
                      stayUntilAllHavePassed(p, 4);
                    });
              }
              s.check(p -> assertTrue(Arrays.stream(ends).allMatch(e -> e == End.PASSED)));
            });
    Schedules.explore("barrier", four.preemptions(Storm.count(1, 2)));
    Schedules.random("barrier, at random", four.preemptions(4), 1, Storm.count(500, 50_000));
  }

  /** Who has ended is dead to those who still wait. */
  private static void stayUntilAllHavePassed(SimulatedProcess p, int visitors) {
    long passed = p.heap().dataOffset() + 1024;
    p.heap().getAndAddLong(passed, 1);
    while (p.heap().getLongVolatile(passed) < visitors) {
      p.calls().pause(Duration.ofMinutes(1).toNanos());
    }
  }

  @Test
  void allPassOrNobodyDoes() {
    Schedules.explore(
        "late",
        of(
                2,
                2,
                (s, ends) -> {
                  s.process("patient", p -> visit(p, ends, 0, TIME));
                  s.process(
                      "late",
                      p -> {
                        p.calls().pause(TIME.toNanos());
                        visit(p, ends, 1, TIME);
                      });
                  s.check(
                      p -> {
                        assertEquals(
                            ends[0] == End.PASSED, ends[1] == End.PASSED, Arrays.toString(ends));
                        boolean broken = (p.heap().getLong(p.heap().dataOffset()) & BROKEN) != 0;
                        assertEquals(ends[0] != End.PASSED, broken);
                      });
                })
            .preemptions(Storm.count(3, 6)));
  }

  /** A death while others wait breaks the barrier, so that nobody waits for the dead. */
  @Test
  void nobodyWaitsForTheDead() {
    Schedules.explore(
        "deaths",
        of(
                2,
                2,
                (s, ends) -> {
                  s.process("mortal", p -> twice(p, ends, 0));
                  s.survivor("survivor", p -> twice(p, ends, 1));
                  s.check(p -> assertFalse(ends[1] == End.LATE, "one second is long"));
                })
            .kills(1)
            .preemptions(Storm.count(1, 4)));
  }

  /** The first time with an end, because a party that never came is not known. */
  private static void twice(SimulatedProcess p, End[] ends, int visitor) throws Exception {
    visit(p, ends, visitor, TIME);
    if (ends[visitor] == End.PASSED) {
      visit(p, ends, visitor, Duration.ofDays(1));
    } else {
      ends[visitor] = End.BROKEN;
    }
  }

  /** Whoever arrives after the reset is known again: its death is noticed. */
  @Test
  void aResetForgetsNobodyWhoComesAfterIt() {
    Schedules.explore(
        "reset",
        of(
                2,
                2,
                (s, ends) -> {
                  s.survivor(
                      "resetter",
                      p -> {
                        barrier(p).reset();
                        visit(p, ends, 0, Duration.ofDays(1));
                      });
                  s.survivor(
                      "visitor",
                      p -> {
                        visit(p, ends, 1, Duration.ofDays(1));
                        if (ends[1] == End.BROKEN) {
                          visit(p, ends, 1, Duration.ofDays(1));
                        }
                      });
                  s.check(
                      p -> {
                        assertEquals(End.PASSED, ends[0]);
                        assertEquals(End.PASSED, ends[1]);
                        int known = 0;
                        for (int i = 0; i < 2; i++) {
                          long member = p.heap().dataOffset() + 24 + 4L * i;
                          known += p.heap().getInt(member) == 0 ? 0 : 1;
                        }
                        assertEquals(2, known, "parties that are known");
                      });
                })
            .preemptions(Storm.count(2, 4)));
  }
}
