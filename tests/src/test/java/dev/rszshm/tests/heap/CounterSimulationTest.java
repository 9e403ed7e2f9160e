package dev.rszshm.tests.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.DamagedHeapException;
import dev.rszshm.heap.view.IntCounter;
import dev.rszshm.heap.view.LongCounter;
import dev.rszshm.heap.view.StripedCounter;
import dev.rszshm.testkit.simulation.Bounds;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Schedules;
import dev.rszshm.tests.Storm;
import org.junit.jupiter.api.Test;

/** Counting by several processes in every order, and with deaths. */
class CounterSimulationTest {
  private static Simulation heap() {
    return Simulation.ofHeap(() -> Heap.builder().span(1 << 20).participants(4).length(4096));
  }

  /** Adds to one number; a death leaves the addition, or not. */
  @Test
  void everyAdditionIsThereOnceAlsoThoseOfTheDead() {
    Schedules.explore(
        "counters",
        heap()
            .scenario(
                s -> {
                  int[] done = new int[2];
                  for (int i = 0; i < 2; i++) {
                    int number = i;
                    s.process("adder " + i, p -> add(p, done, number));
                  }
                  s.check(
                      p -> {
                        Heap heap = p.heap();
                        long total = heap.getLong(heap.dataOffset());
                        assertTrue(total >= sum(done) && total <= 4, () -> "total " + total);
                        assertTrue(heap.getInt(heap.dataOffset() + 8) <= total);
                      });
                })
            .kills(Storm.count(1, 2))
            .preemptions(Storm.count(3, 6)));
  }

  private static void add(SimulatedProcess p, int[] done, int number) {
    LongCounter all = LongCounter.at(p.heap(), p.heap().dataOffset());
    IntCounter rounds = IntCounter.at(p.heap(), p.heap().dataOffset() + 8);
    for (int i = 0; i < 2; i++) {
      all.getAndAdd(1);
      int seen = rounds.get();
      rounds.compareAndSet(seen, seen + 1);
      done[number]++;
    }
  }

  private static int sum(int[] numbers) {
    int sum = 0;
    for (int n : numbers) {
      sum += n;
    }
    return sum;
  }

  @Test
  void aStripedCounterIsThereWholeOrNotAtAll() {
    Simulation made =
        heap()
            .scenario(
                s -> {
                  s.process("maker", p -> StripedCounter.at(p.heap(), at(p), 2));
                  s.process("maker too", p -> StripedCounter.at(p.heap(), at(p), 2));
                  s.process("reader", CounterSimulationTest::readOrMiss);
                })
            .kills(1);
    Schedules.explore("striped counter", made.preemptions(Storm.count(4, Bounds.UNLIMITED)));
    Schedules.explore("in weak memory", made.staleLoads(2).preemptions(Storm.count(3, 5)));
  }

  private static void readOrMiss(SimulatedProcess p) {
    try {
      assertEquals(0, StripedCounter.at(p.heap(), at(p)).sum());
    } catch (DamagedHeapException notYet) {
      assertTrue(notYet.getMessage().contains("0 stripes"), notYet::getMessage);
    }
  }

  @Test
  void aSumCountsWhatWasAddedBefore() {
    Schedules.explore(
        "sum",
        heap()
            .setUp(p -> StripedCounter.at(p.heap(), at(p), 2))
            .scenario(
                s -> {
                  int[] done = new int[2];
                  int[] begun = new int[2];
                  for (int i = 0; i < 2; i++) {
                    int number = i;
                    s.process(
                        "adder " + i,
                        p -> {
                          StripedCounter counter = StripedCounter.at(p.heap(), at(p));
                          for (int k = 0; k < 2; k++) {
                            begun[number]++;
                            counter.increment();
                            done[number]++;
                          }
                        });
                  }
                  s.survivor(
                      "reader",
                      p -> {
                        StripedCounter counter = StripedCounter.at(p.heap(), at(p));
                        int least = sum(done);
                        long found = counter.sum();
                        assertTrue(found >= least, () -> found + ", " + least + " were added");
                        assertTrue(found <= sum(begun), () -> found + " is too much");
                      });
                })
            .kills(1)
            .staleLoads(1)
            .preemptions(Storm.count(3, 6)));
  }

  private static long at(SimulatedProcess p) {
    return p.heap().dataOffset();
  }
}
