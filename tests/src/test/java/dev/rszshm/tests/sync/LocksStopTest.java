package dev.rszshm.tests.sync;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.FairMutex;
import dev.rszshm.sync.Mutex;
import dev.rszshm.sync.RobustLock;
import dev.rszshm.sync.SharedReadWriteLock;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Schedules;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Whoever is stopped while it waits for a lock, or has just left it, keeps nobody from it. */
class LocksStopTest {
  /** Who may be stopped waits, or holds the lock for a moment. */
  private static Simulation of(Function<SimulatedProcess, ? extends RobustLock> made) {
    return Simulation.ofHeap(() -> Heap.builder().span(1 << 20).participants(5).length(16384))
        .scenario(
            s -> {
              s.survivor(
                  "holder",
                  p -> {
                    RobustLock lock = made.apply(p);
                    if (lock.tryLock()) { // not if who is stopped has it
                      p.calls().pause(TimeUnit.MILLISECONDS.toNanos(10));
                      lock.unlock();
                    }
                  });
              s.process(
                  "stopped",
                  p -> {
                    if (made.apply(p).tryLock(5, TimeUnit.MILLISECONDS)) {
                      made.apply(p).unlock();
                    }
                  });
              s.survivor(
                  "other",
                  p -> {
                    RobustLock lock = made.apply(p);
                    p.calls().pause(TimeUnit.MILLISECONDS.toNanos(20));
                    boolean had = lock.tryLock(1, TimeUnit.SECONDS);
                    if (had) {
                      lock.unlock();
                    }
                    boolean held = lock.holder().isPresent();
                    assertTrue(had || held, "nobody has it, and it cannot be had");
                  });
            })
        .preemptions(0)
        .stops(1);
  }

  private static long at(SimulatedProcess p) {
    return p.heap().dataOffset();
  }

  @Test
  void aMutex() {
    Schedules.explore("a mutex, stops", of(p -> Mutex.at(p.heap(), at(p))));
  }

  @Test
  void aFairMutex() {
    Schedules.explore("a fair mutex, stops", of(p -> FairMutex.at(p.heap(), at(p))));
  }

  @Test
  void aWriteLock() {
    Schedules.explore(
        "a write lock, stops", of(p -> SharedReadWriteLock.at(p.heap(), at(p)).writeLock()));
  }
}
