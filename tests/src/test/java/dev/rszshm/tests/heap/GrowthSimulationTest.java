package dev.rszshm.tests.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Backing;
import dev.rszshm.heap.GrowthPolicy;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.HeapBuilder;
import dev.rszshm.heap.errors.GrowthBlockedException;
import dev.rszshm.testkit.simulation.ProcessBody;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Schedules;
import dev.rszshm.tests.Storm;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Growth in every order of its steps, and with a death at each: the protocol of {@code Growth}. */
class GrowthSimulationTest {
  private static final int PAGE = 4096;
  private static final long OLD = 0x1122_3344_5566_7788L;
  private static final long NEW = 0x7a7a;

  private static HeapBuilder builder() {
    return Heap.builder().span(1 << 20).participants(4).growth(GrowthPolicy.step(PAGE));
  }

  private static Simulation ordinary() {
    return Simulation.ofHeap(GrowthSimulationTest::builder).setUp(GrowthSimulationTest::fill);
  }

  private static void fill(SimulatedProcess process) {
    Heap heap = process.heap();
    heap.putLong(heap.dataOffset(), OLD);
    heap.putLong(heap.length() - 8, OLD);
  }

  /** Grows by so many pages, and uses the last word that this added. */
  private static ProcessBody grower(int pages) {
    return p -> {
      Heap heap = p.heap();
      long before = heap.mappedLength();
      long wanted = before + (long) pages * PAGE;
      long got = heap.growTo(wanted);
      assertTrue(got >= wanted, () -> "grew to " + got + ", asked for " + wanted);
      assertTrue(heap.length() >= got, () -> "is " + heap.length() + ", grew to " + got);
      long mine = wanted - 8L * pages;
      assertEquals(0, heap.getLong(mine), "new content");
      heap.putLong(mine, NEW + pages);
      requireOld(heap, before);
    };
  }

  private static void requireOld(Heap heap, long length) {
    assertEquals(OLD, heap.getLong(heap.dataOffset()), "first word of the old content");
    assertEquals(OLD, heap.getLong(length - 8), "last word of the old content");
  }

  /** What must be left of growers of 1, 2, … pages, of which some may have died. */
  private static ProcessBody left(int growers, int first) {
    return p -> {
      Heap heap = p.heap();
      requireOld(heap, first);
      assertTrue(heap.length() <= first + (long) growers * PAGE, "longer than anybody wanted");
      for (int i = 1; i <= growers; i++) {
        long offset = first + i * (PAGE - 8L);
        long found = offset < heap.length() ? heap.getLong(offset) : 0;
        assertTrue(found == 0 || found == NEW + i, () -> "found " + found);
      }
    };
  }

  private static Simulation growers(Simulation simulation, int number) {
    return simulation.scenario(
        s -> {
          for (int i = 1; i <= number; i++) {
            s.process("grower of " + i, grower(i));
          }
          s.invariant(new LengthWatch());
          s.check(left(number, 3 * PAGE));
        });
  }

  @Test
  void growersLoseNothingInAnyOrder() {
    Schedules.explore("two growers", growers(ordinary(), 2).preemptions(Storm.count(4, 6)));
    Schedules.explore("three growers", growers(ordinary(), 3).preemptions(Storm.count(2, 3)));
  }

  @Test
  void aDeathAtAnyStepOfGrowthHoldsNobodyUp() {
    Simulation two = growers(ordinary(), 2).kills(2);
    Schedules.explore("two growers that die", two.preemptions(Storm.count(2, 4)));
    Simulation three = growers(ordinary(), 3).kills(Storm.count(1, 2));
    Schedules.explore("three growers, some die", three.preemptions(Storm.count(1, 2)));
  }

  @Test
  void growersOfASparseHeapLoseNothing() {
    Simulation sparse =
        Simulation.ofHeap(() -> builder().backing(Backing.SPARSE))
            .setUp(GrowthSimulationTest::fill);
    Schedules.explore("sparse", growers(sparse, 2).kills(1).preemptions(Storm.count(2, 4)));
  }

  @Test
  void everybodySeesGrowthAlsoInWeakMemory() {
    Simulation weak = growers(ordinary(), 2).staleLoads(Storm.count(1, 2)).kills(1);
    Schedules.explore("weak memory", weak.preemptions(Storm.count(2, 3)));
  }

  @Test
  void policiesOfSeveralGrowersAddUp() {
    Schedules.explore(
        "grow and ensure",
        ordinary()
            .scenario(
                s -> {
                  long[] grown = {0, 0};
                  s.process("grow", p -> grown[0] = p.heap().grow());
                  s.process("ensure", p -> grown[1] = p.heap().ensure(3 * PAGE + 1));
                  s.process("shorter", p -> p.heap().growTo(2 * PAGE));
                  s.invariant(new LengthWatch());
                  s.check(
                      p -> {
                        assertTrue(grown[0] == 0 || grown[0] >= 4 * PAGE);
                        assertTrue(grown[1] == 0 || grown[1] >= 4 * PAGE);
                        assertTrue(p.heap().length() >= Math.max(grown[0], grown[1]));
                        assertTrue(p.heap().length() <= 5 * PAGE);
                      });
                })
            .kills(1)
            .preemptions(Storm.count(2, 4)));
  }

  /** Publishes an offset in the new tail by a release store; readers come by an acquire load. */
  @Test
  void whoIsToldAnOffsetCatchesUpWithGrowth() {
    Simulation told =
        ordinary()
            .scenario(
                s -> {
                  s.process(
                      "grower",
                      p -> {
                        Heap heap = p.heap();
                        long offset = heap.growTo(heap.length() + PAGE) - 16;
                        heap.putLong(offset, NEW);
                        heap.putLongRelease(heap.dataOffset() + 8, offset);
                      });
                  for (int i = 0; i < 2; i++) {
                    s.process("reader " + i, GrowthSimulationTest::readWhatIsTold);
                  }
                  s.invariant(new LengthWatch());
                })
            .kills(1);
    Schedules.explore("told", told.preemptions(Storm.count(2, 6)));
    Schedules.explore(
        "told in weak memory",
        told.staleLoads(Storm.count(1, 3)).kills(0).preemptions(Storm.count(2, 4)));
  }

  private static void readWhatIsTold(SimulatedProcess p) {
    Heap heap = p.heap();
    long offset = heap.getLongAcquire(heap.dataOffset() + 8);
    if (offset != 0) {
      assertEquals(NEW, heap.getLong(offset));
      assertTrue(heap.mappedLength() > offset);
    } else {
      long beyond = heap.mappedLength();
      if (heap.catchUp() == beyond) {
        long found = readOrMinusOne(heap, beyond);
        assertTrue(found == -1 || found == 0, () -> "found " + found);
      }
    }
  }

  private static long readOrMinusOne(Heap heap, long offset) {
    try {
      return heap.getLong(offset);
    } catch (IndexOutOfBoundsException e) {
      return -1;
    }
  }

  /** As ccan's rszshm grows: the lock, a length, the file, and the length by a plain store. */
  private static void growLikeC(SimulatedProcess p) {
    Heap heap = p.heap();
    int descriptor = p.calls().open(heap.path().toString(), true, false);
    while (!p.calls().tryLockFile(descriptor)) {
      p.calls().pause(1000);
    }
    long length = p.memory().getLong(heap.base()) + PAGE;
    p.calls().truncate(descriptor, length);
    p.memory().putLong(heap.base(), length);
    p.calls().unlockFile(descriptor);
    assertTrue(heap.catchUp() >= length);
    heap.putLong(length - 24, NEW);
  }

  @Test
  void javaAndCGrowAPlainHeapTogether() {
    Simulation plain =
        Simulation.ofHeap(() -> builder().plain())
            .setUp(p -> p.heap().putLong(p.heap().length() - 8, OLD))
            .scenario(
                s -> {
                  s.process("java", p -> growPlain(p.heap()));
                  s.process("C", GrowthSimulationTest::growLikeC);
                  s.invariant(new LengthWatch());
                  s.check(
                      p -> {
                        assertEquals(OLD, p.heap().getLong(PAGE - 8));
                        assertTrue(p.heap().length() <= 3 * PAGE);
                      });
                })
            .kills(1);
    Schedules.explore("Java and C", plain.preemptions(Storm.count(4, 6)));
    Schedules.explore(
        "Java and C in weak memory", plain.staleLoads(1).preemptions(Storm.count(2, 4)));
  }

  private static void growPlain(Heap heap) {
    long got = heap.growTo(2 * PAGE);
    assertTrue(got >= 2 * PAGE && heap.length() >= got);
    assertEquals(0, heap.getLong(2 * PAGE - 8));
    heap.putLong(2 * PAGE - 16, NEW);
  }

  @Test
  void aGrowerGivesUpWhenItsTimeIsOver() {
    Schedules.explore(
        "growth timeout",
        Simulation.ofHeap(() -> builder().growthTimeout(Duration.ofMillis(20)))
            .scenario(
                s -> {
                  s.survivor("holder", p -> holdTheLock(p, Duration.ofSeconds(2)));
                  s.survivor("grower", GrowthSimulationTest::growOrGiveUp);
                  s.invariant(new LengthWatch());
                })
            .preemptions(2));
  }

  @Test
  void theDeathOfWhoHoldsTheLockLetsAGrowerGoOn() {
    Schedules.explore(
        "death of the holder",
        Simulation.ofHeap(GrowthSimulationTest::builder)
            .scenario(
                s -> {
                  s.process("holder", p -> holdTheLock(p, Duration.ofMillis(200)));
                  s.survivor("grower", p -> p.heap().growTo(4 * PAGE));
                  s.check(p -> assertEquals(4 * PAGE, p.heap().length()));
                })
            .kills(1)
            .preemptions(1));
  }

  private static void holdTheLock(SimulatedProcess p, Duration time) {
    int descriptor = p.calls().open(p.heap().path().toString(), true, false);
    if (p.calls().tryLockFile(descriptor)) {
      p.calls().pause(time.toNanos());
      p.calls().unlockFile(descriptor);
    }
  }

  private static void growOrGiveUp(SimulatedProcess p) {
    Heap heap = p.heap();
    long start = p.calls().nanoTime();
    try {
      heap.growTo(4 * PAGE);
      assertTrue(heap.length() >= 4 * PAGE);
    } catch (GrowthBlockedException e) {
      Duration waited = Duration.ofNanos(p.calls().nanoTime() - start);
      assertTrue(waited.toMillis() >= 20, waited::toString);
      assertEquals(3 * PAGE, heap.length(), "a growth that was given up");
      assertThrows(IndexOutOfBoundsException.class, () -> heap.getLong(3 * PAGE));
    }
  }
}
