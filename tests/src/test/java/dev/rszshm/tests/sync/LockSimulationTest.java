package dev.rszshm.tests.sync;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.Acquisition;
import dev.rszshm.sync.FairMutex;
import dev.rszshm.sync.FastMutex;
import dev.rszshm.sync.Monitor;
import dev.rszshm.sync.Mutex;
import dev.rszshm.sync.RobustLock;
import dev.rszshm.sync.SharedReadWriteLock;
import dev.rszshm.testkit.simulation.Scenario;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Schedules;
import dev.rszshm.tests.Storm;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Robust locks in every order of steps, with a death at each: the protocol of {@code LockWord}. */
class LockSimulationTest {
  private static final long SLICE = 50_000_000;

  private static RobustLock mutex(Heap heap) {
    return Mutex.at(heap, heap.dataOffset());
  }

  static Simulation of(boolean exact, int visitors, BiConsumer<Scenario, Section> scenario) {
    return Simulation.ofHeap(() -> Heap.builder().span(1 << 20).participants(4).length(8192))
        .scenario(s -> scenario.accept(s, new Section(exact, visitors)));
  }

  /** Some processes that each visit the section once. */
  private static Simulation visitors(
      int number, boolean exact, int mayDie, Function<Heap, RobustLock> kind) {
    return of(
            exact,
            number,
            (s, section) -> {
              for (int i = 1; i <= number; i++) {
                int visitor = i;
                s.process("visitor " + i, p -> visit(p, visitor, section, kind.apply(p.heap())));
              }
              s.check(p -> section.check(p, mayDie));
            })
        .kills(mayDie);
  }

  private static void visit(SimulatedProcess p, int visitor, Section section, RobustLock lock) {
    Acquisition how = lock.acquireUninterruptibly();
    section.enter(p, visitor, how);
    if (how == Acquisition.OWNER_DIED) {
      lock.markConsistent();
    }
    section.visit(p);
    section.leave(p, visitor);
    lock.unlock();
    section.go(p, visitor);
  }

  /** Time passes only when nobody can go on: then somebody sleeps although the lock is free. */
  @Test
  void aMutexExcludesAndLosesNoWakeUp() {
    Schedules.explore(
        "mutex, two",
        visitors(2, true, 0, LockSimulationTest::mutex).preemptions(Storm.count(4, 8)));
    Schedules.explore(
        "mutex, three",
        visitors(3, true, 0, LockSimulationTest::mutex).preemptions(Storm.count(2, 4)));
    Schedules.explore(
        "mutex in weak memory",
        visitors(2, true, 0, LockSimulationTest::mutex)
            .staleLoads(2)
            .preemptions(Storm.count(2, 4)));
  }

  @Test
  void ofAllWhoFindAMutexOfTheDeadOneGetsItAndLearnsIt() {
    Schedules.explore(
        "mutex, deaths",
        visitors(2, true, 1, LockSimulationTest::mutex).preemptions(Storm.count(3, 5)));
    Schedules.explore(
        "mutex, three",
        visitors(3, true, 1, LockSimulationTest::mutex).preemptions(Storm.count(1, 3)));
    Schedules.explore(
        "mutex, two deaths",
        visitors(3, true, 2, LockSimulationTest::mutex).preemptions(Storm.count(0, 2)));
  }

  @Test
  void theOtherLocksDoTheSame() {
    Function<Heap, RobustLock> fast = h -> FastMutex.at(h, h.dataOffset());
    Function<Heap, RobustLock> monitor = h -> Monitor.at(h, h.dataOffset());
    Function<Heap, RobustLock> write = h -> SharedReadWriteLock.at(h, h.dataOffset()).writeLock();
    Schedules.explore("fast mutex", visitors(2, true, 1, fast).preemptions(Storm.count(2, 4)));
    Schedules.explore("monitor", visitors(2, false, 1, monitor).preemptions(Storm.count(2, 4)));
    Schedules.explore("write lock", visitors(2, false, 1, write).preemptions(Storm.count(1, 3)));
  }

  @Test
  void aFairMutexDoesTheSameWhoeverDiesInItsLine() {
    Function<Heap, RobustLock> fair = h -> FairMutex.at(h, h.dataOffset());
    Schedules.explore(
        "fair mutex, two", visitors(2, false, 0, fair).preemptions(Storm.count(3, 6)));
    Schedules.explore(
        "fair mutex, three", visitors(3, false, 0, fair).preemptions(Storm.count(1, 3)));
    Schedules.explore(
        "fair mutex, deaths", visitors(2, false, 1, fair).preemptions(Storm.count(2, 4)));
    Schedules.explore(
        "fair mutex, three, deaths", visitors(3, false, 1, fair).preemptions(Storm.count(0, 2)));
    Schedules.explore(
        "fair mutex in weak memory",
        visitors(2, false, 0, fair).staleLoads(1).preemptions(Storm.count(1, 3)));
  }

  /** Slices end while the holder lives, and that is no reason to take the lock from it. */
  @Test
  void aSlowHolderKeepsTheLock() {
    Schedules.explore(
        "slow holder",
        of(
                true,
                2,
                (s, section) -> {
                  s.process(
                      "slow",
                      p -> {
                        Mutex lock = Mutex.at(p.heap(), p.heap().dataOffset());
                        Acquisition how = lock.acquireUninterruptibly();
                        section.enter(p, 1, how);
                        if (how == Acquisition.OWNER_DIED) {
                          lock.markConsistent();
                        }
                        section.visit(p);
                        p.calls().pause(3 * SLICE - 1);
                        section.leave(p, 1);
                        lock.unlock();
                        section.go(p, 1);
                      });
                  s.process("visitor", p -> visit(p, 2, section, mutex(p.heap())));
                  s.check(p -> section.check(p, 1));
                })
            .kills(1)
            .preemptions(Storm.count(1, 3)));
  }

  /**
   * One gives up at the moment at which it is woken, because the lock is taken again: whoever still
   * sleeps must be woken when that is over.
   */
  @Test
  void whoGivesUpTakesNoWakeUpWithIt() {
    Schedules.explore(
        "time-outs", givingUp(true, LockSimulationTest::mutex).preemptions(Storm.count(2, 4)));
    Schedules.explore(
        "time-outs, fair",
        givingUp(false, h -> FairMutex.at(h, h.dataOffset())).preemptions(Storm.count(1, 3)));
  }

  private static Simulation givingUp(boolean exact, Function<Heap, RobustLock> kind) {
    long time = 20_000_000;
    return of(
        exact,
        3,
        (s, section) -> {
          s.process(
              "slow",
              p -> {
                RobustLock lock = kind.apply(p.heap());
                section.enter(p, 1, lock.acquireUninterruptibly());
                p.calls().pause(time);
                section.leave(p, 1);
                lock.unlock();
                section.go(p, 1);
                visit(p, 1, section, lock);
              });
          s.process(
              "impatient",
              p -> {
                RobustLock lock = kind.apply(p.heap());
                Acquisition how = lock.tryAcquire(Duration.ofNanos(time));
                if (how != Acquisition.NOT_ACQUIRED) {
                  section.enter(p, 2, how);
                  section.leave(p, 2);
                  lock.unlock();
                }
                section.go(p, 2);
              });
          s.process("visitor", p -> visit(p, 3, section, kind.apply(p.heap())));
          s.check(p -> section.check(p, 0));
        });
  }
}
