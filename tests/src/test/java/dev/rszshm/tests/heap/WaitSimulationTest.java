package dev.rszshm.tests.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.testkit.simulation.Scenario;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Schedules;
import dev.rszshm.tests.Storm;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Waiting for words and waking, in every order: the protocol of {@code WordWait}. */
class WaitSimulationTest {
  private static final Duration LONG = Duration.ofSeconds(10);
  private static final long SLICE = Duration.ofMillis(50).toNanos();

  private static Simulation of(Consumer<Scenario> scenario) {
    return Simulation.ofHeap(() -> Heap.builder().span(1 << 20).participants(4)).scenario(scenario);
  }

  /** Changes the word and wakes; the clock stands where it stood when that is done. */
  private static void change(SimulatedProcess p, int waiters, long[] done) {
    Heap heap = p.heap();
    heap.putLong(heap.dataOffset() + 8, 42);
    heap.putIntRelease(heap.dataOffset(), 1);
    heap.wake(heap.dataOffset(), waiters);
    done[0] = p.calls().nanoTime();
  }

  private static void await(SimulatedProcess p, long[] woken, int number) throws Exception {
    Heap heap = p.heap();
    assertTrue(heap.waitWhile(heap.dataOffset(), 0, LONG), "the word has changed");
    assertEquals(42, heap.getLong(heap.dataOffset() + 8), "what came before the change");
    woken[number] = p.calls().nanoTime();
  }

  private static Simulation waiters(int number) {
    return of(
        s -> {
          long[] woken = new long[number];
          long[] done = {-1};
          for (int i = 0; i < number; i++) {
            int waiter = i;
            s.process("waiter " + i, p -> await(p, woken, waiter));
          }
          s.survivor("waker", p -> change(p, number, done));
          s.check(
              p -> {
                for (long time : woken) {
                  assertTrue(time <= done[0], "a waiter slept on when all was done");
                }
              });
        });
  }

  /** Time passes only when nobody can go on: then a waiter has missed its wake-up. */
  @Test
  void noWakeUpIsLost() {
    Schedules.explore("one waiter", waiters(1).preemptions(Storm.count(4, 6)));
    Schedules.explore("two waiters", waiters(2).preemptions(Storm.count(3, 5)));
    Schedules.explore(
        "weak memory", waiters(2).staleLoads(Storm.count(2, 3)).preemptions(Storm.count(2, 4)));
  }

  @Test
  void aDeadWaiterTakesNoWakeUpAway() {
    Schedules.explore("waiters that die", waiters(2).kills(2).preemptions(Storm.count(2, 4)));
  }

  @Test
  void theDeathOfTheWakerCostsASliceOrTheTimeout() {
    Schedules.explore(
        "wakers that die",
        of(s -> {
              s.process("waker", p -> change(p, 1, new long[1]));
              s.survivor(
                  "waiter",
                  p -> {
                    Heap heap = p.heap();
                    boolean changed = heap.waitWhile(heap.dataOffset(), 0, Duration.ofMillis(120));
                    long time = p.calls().nanoTime();
                    assertTrue(changed || time >= Duration.ofMillis(120).toNanos());
                    assertTrue(time <= 3 * SLICE, () -> "it took " + time + " ns");
                    assertEquals(changed ? 1 : 0, heap.getInt(heap.dataOffset()));
                  });
            })
            .kills(1)
            .preemptions(0));
  }

  @Test
  void aWaitEndsWhenItsTimeIsOver() {
    Duration timeout = Duration.ofMillis(75);
    Schedules.explore(
        "timeout",
        of(s -> {
              s.survivor(
                  "waiter",
                  p -> {
                    Heap heap = p.heap();
                    assertEquals(false, heap.waitWhile(heap.dataOffset(), 0, timeout));
                    assertTrue(p.calls().nanoTime() >= timeout.toNanos());
                  });
              s.process("other", p -> p.heap().wake(p.heap().dataOffset(), 1));
              s.process("another", p -> p.heap().putInt(p.heap().dataOffset() + 4, 1));
            })
            .kills(1)
            .preemptions(3));
  }

  /** Two play ping-pong: each waits for the other's change. */
  @Test
  void twoWhoWakeOneAnotherNeverBothSleep() {
    Schedules.explore(
        "ping-pong",
        of(s -> {
              s.process("ping", p -> play(p, 0));
              s.process("pong", p -> play(p, 1));
              s.check(p -> assertEquals(4, p.heap().getInt(p.heap().dataOffset())));
            })
            .preemptions(Storm.count(3, 5)));
  }

  private static void play(SimulatedProcess p, int mine) throws InterruptedException {
    Heap heap = p.heap();
    long word = heap.dataOffset();
    for (int turn = mine; turn < 4; turn += 2) {
      while (heap.getIntAcquire(word) != turn) {
        heap.waitWhile(word, heap.getIntAcquire(word) == turn ? -1 : turn - 1, LONG);
      }
      heap.putIntRelease(word, turn + 1);
      heap.wake(word, 1);
    }
  }
}
