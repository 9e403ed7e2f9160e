package dev.rszshm.tests.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.Once;
import dev.rszshm.sync.RobustSemaphore;
import dev.rszshm.sync.SharedSemaphore;
import dev.rszshm.testkit.simulation.ProcessBody;
import dev.rszshm.testkit.simulation.Scenario;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Schedules;
import dev.rszshm.tests.Storm;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Semaphores, and what runs once, in every order of steps and with deaths. */
class SemaphoreSimulationTest {
  private static final long INSIDE = 1024;

  private static Simulation of(ProcessBody setUp, Consumer<Scenario> scenario) {
    return Simulation.ofHeap(() -> Heap.builder().span(1 << 20).participants(5).length(8192))
        .setUp(setUp)
        .scenario(scenario);
  }

  private static SharedSemaphore semaphore(SimulatedProcess p) {
    return SharedSemaphore.at(p.heap(), p.heap().dataOffset());
  }

  private static RobustSemaphore robust(SimulatedProcess p) {
    return RobustSemaphore.at(p.heap(), p.heap().dataOffset());
  }

  private static long ghost(SimulatedProcess p, int word) {
    return p.heap().base() + p.heap().dataOffset() + INSIDE + 8L * word;
  }

  /** Two permits are taken by three, and each release wakes one of those who miss one. */
  @Test
  void permitsAreConservedAndNoReleaseIsMissed() {
    Schedules.explore(
        "semaphore",
        of(
                p -> SharedSemaphore.at(p.heap(), p.heap().dataOffset(), 0),
                s -> {
                  long[] got = new long[2];
                  long[] given = new long[1];
                  for (int i = 0; i < 2; i++) {
                    int taker = i;
                    s.process(
                        "taker " + i,
                        p -> {
                          semaphore(p).acquireUninterruptibly();
                          got[taker] = p.calls().nanoTime();
                        });
                  }
                  s.process(
                      "giver",
                      p -> {
                        semaphore(p).release();
                        semaphore(p).release();
                        given[0] = p.calls().nanoTime();
                      });
                  s.check(
                      p -> {
                        assertTrue(got[0] <= given[0] && got[1] <= given[0], "somebody slept on");
                        assertEquals(0, (int) p.heap().getLong(p.heap().dataOffset()));
                      });
                })
            .preemptions(Storm.count(2, 4)));
  }

  @Test
  void noMoreAreInsideThanThereArePermits() {
    Schedules.explore(
        "semaphore, inside",
        of(
                p -> SharedSemaphore.at(p.heap(), p.heap().dataOffset(), 1, 1),
                s -> {
                  for (int i = 0; i < 3; i++) {
                    s.process(
                        "visitor " + i,
                        p -> {
                          semaphore(p).acquireUninterruptibly();
                          assertEquals(0, p.ghost().getLong(ghost(p, 0)), "inside");
                          p.ghost().putLong(ghost(p, 0), 1);
                          p.heap().getLongVolatile(p.heap().dataOffset() + INSIDE + 64);
                          p.ghost().putLong(ghost(p, 0), 0);
                          semaphore(p).release();
                        });
                  }
                  s.check(p -> assertEquals(1, (int) p.heap().getLong(p.heap().dataOffset())));
                })
            .preemptions(Storm.count(1, 3)));
  }

  /** A dead giver has given or not, a dead taker has taken or not; nothing else is lost or made. */
  @Test
  void aDeathChangesThePermitsByWhatItWasDoingOnly() {
    Schedules.explore(
        "semaphore, deaths",
        of(
                p -> SharedSemaphore.at(p.heap(), p.heap().dataOffset(), 1),
                s -> {
                  int[] taken = new int[2];
                  int[] given = new int[1];
                  for (int i = 0; i < 2; i++) {
                    int taker = i;
                    s.process(
                        "taker " + i,
                        p -> {
                          if (semaphore(p).tryAcquire(Duration.ofMillis(120))) {
                            taken[taker]++;
                          }
                        });
                  }
                  s.process(
                      "giver",
                      p -> {
                        semaphore(p).release();
                        given[0]++;
                      });
                  s.check(
                      p -> {
                        int permits = (int) p.heap().getLong(p.heap().dataOffset());
                        int expected = 1 + given[0] - taken[0] - taken[1];
                        assertTrue(Math.abs(permits - expected) <= 1, permits + " permits");
                      });
                })
            .kills(1)
            .preemptions(Storm.count(1, 3)));
  }

  /** Each permit has one living owner, and the permits of the dead are had by the next. */
  @Test
  void aRobustPermitIsNeverHeldTwiceAndNeverLost() {
    Schedules.explore(
        "robust semaphore",
        of(
                p -> RobustSemaphore.at(p.heap(), p.heap().dataOffset(), 1),
                s -> {
                  SimulatedProcess[] visitors = new SimulatedProcess[4];
                  for (int i = 1; i <= 3; i++) {
                    int visitor = i;
                    s.process("visitor " + i, p -> visit(p, visitors, visitor));
                  }
                })
            .kills(Storm.count(1, 2))
            .preemptions(Storm.count(1, 2)));
  }

  private static void visit(SimulatedProcess p, SimulatedProcess[] visitors, int visitor) {
    visitors[visitor] = p;
    robust(p).acquireUninterruptibly();
    int inside = (int) p.ghost().getLong(ghost(p, 0));
    assertTrue(inside == 0 || !visitors[inside].isAlive(), "inside: " + inside);
    p.ghost().putLong(ghost(p, 0), visitor);
    p.heap().getLongVolatile(p.heap().dataOffset() + INSIDE + 64);
    p.ghost().putLong(ghost(p, 0), 0);
    robust(p).release();
  }

  @Test
  void whatRunsOnceIsDoneWhenAnybodyComesBack() {
    Schedules.explore(
        "once",
        of(
                p -> {},
                s -> {
                  for (int i = 0; i < 3; i++) {
                    s.process(
                        "runner " + i,
                        p -> {
                          Once.at(p.heap(), p.heap().dataOffset()).run(() -> body(p));
                          assertEquals(
                              7, p.heap().getLong(p.heap().dataOffset() + INSIDE + 64), "done");
                        });
                  }
                })
            .kills(1)
            .staleLoads(Storm.count(0, 1))
            .preemptions(Storm.count(1, 3)));
  }

  /** None begins when one has come to its end. */
  private static void body(SimulatedProcess p) {
    assertFalse(Once.at(p.heap(), p.heap().dataOffset()).isDone(), "it was run already");
    p.heap().putLong(p.heap().dataOffset() + INSIDE + 64, 7);
  }
}
