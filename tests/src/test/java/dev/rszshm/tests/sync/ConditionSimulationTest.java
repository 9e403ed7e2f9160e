package dev.rszshm.tests.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.Acquisition;
import dev.rszshm.sync.Mutex;
import dev.rszshm.sync.SharedCondition;
import dev.rszshm.sync.SharedReadWriteLock;
import dev.rszshm.testkit.simulation.Scenario;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Schedules;
import dev.rszshm.tests.Storm;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Conditions and read-write locks in every order of steps, and with deaths. */
class ConditionSimulationTest {
  private static final int FLAG = 1024;
  private static final int PAIR = 1032;

  private static Simulation of(Consumer<Scenario> scenario) {
    return Simulation.ofHeap(() -> Heap.builder().span(1 << 20).participants(5).length(16384))
        .scenario(scenario);
  }

  private static long at(SimulatedProcess p, int place) {
    return p.heap().dataOffset() + place;
  }

  private static Mutex mutex(SimulatedProcess p) {
    Mutex mutex = Mutex.at(p.heap(), at(p, 0));
    mutex.onOwnerDied(() -> {});
    return mutex;
  }

  private static long await(SimulatedProcess p) {
    Mutex mutex = mutex(p);
    SharedCondition condition = mutex.condition(at(p, 8));
    mutex.lock();
    while (p.heap().getLong(at(p, FLAG)) == 0) {
      condition.awaitUninterruptibly();
    }
    mutex.unlock();
    return p.calls().nanoTime();
  }

  private static long signal(SimulatedProcess p, boolean all) {
    Mutex mutex = mutex(p);
    SharedCondition condition = mutex.condition(at(p, 8));
    mutex.lock();
    p.heap().putLong(at(p, FLAG), 1);
    if (all) {
      condition.signalAll();
    } else {
      condition.signal();
    }
    mutex.unlock();
    return p.calls().nanoTime();
  }

  /** Whoever waits when all others have ended has missed its signal. */
  private static Simulation waiters(int number, boolean all) {
    return of(
        s -> {
          long[] times = new long[number + 1];
          for (int i = 0; i < number; i++) {
            int waiter = i;
            s.process("waiter " + i, p -> times[waiter] = await(p));
          }
          s.process("signaller", p -> times[number] = signal(p, all));
          s.check(
              p -> {
                for (int i = 0; i < number; i++) {
                  assertTrue(times[i] <= times[number], "a waiter slept on when all was done");
                }
              });
        });
  }

  @Test
  void noSignalIsLost() {
    Schedules.explore("signal", waiters(1, false).preemptions(Storm.count(4, 6)));
    Schedules.explore("broadcast", waiters(2, true).preemptions(Storm.count(1, 3)));
    Schedules.explore(
        "signal in weak memory", waiters(1, false).staleLoads(1).preemptions(Storm.count(2, 4)));
  }

  @Test
  void aDeathTakesNoSignalWithIt() {
    Schedules.explore(
        "signal, deaths",
        of(s -> {
              s.process("mortal", ConditionSimulationTest::await);
              s.process("waiter", ConditionSimulationTest::await);
              s.survivor("signaller", p -> signal(p, false));
            })
            .kills(1)
            .preemptions(Storm.count(1, 2)));
  }

  /** No signal was given: what was there before is not remembered. */
  @Test
  void aWaitForWhatDoesNotComeSaysSo() {
    Schedules.explore(
        "no signal",
        of(s -> {
              s.process("early", p -> signal(p, false));
              s.process(
                  "waiter",
                  p -> {
                    Mutex mutex = mutex(p);
                    SharedCondition condition = mutex.condition(at(p, 8));
                    mutex.lock();
                    if (p.heap().getLong(at(p, FLAG)) != 0) {
                      assertFalse(condition.await(Duration.ofMillis(60)), "it was before");
                    }
                    mutex.unlock();
                  });
            })
            .kills(1)
            .preemptions(Storm.count(3, 5)));
  }

  private static SharedReadWriteLock lock(SimulatedProcess p) {
    SharedReadWriteLock lock = SharedReadWriteLock.at(p.heap(), at(p, 0));
    lock.writeLock()
        .onOwnerDied(() -> p.heap().putLong(at(p, PAIR + 8), p.heap().getLong(at(p, PAIR))));
    return lock;
  }

  private static long write(SimulatedProcess p) {
    SharedReadWriteLock lock = lock(p);
    lock.writeLock().lock();
    long first = p.heap().getLong(at(p, PAIR));
    assertEquals(first, p.heap().getLong(at(p, PAIR + 8)), "a writer sees what was written");
    p.heap().putLong(at(p, PAIR), first + 1);
    p.heap().putLong(at(p, PAIR + 8), first + 1);
    lock.writeLock().unlock();
    return p.calls().nanoTime();
  }

  private static long read(SimulatedProcess p) {
    SharedReadWriteLock lock = lock(p);
    lock.readLock().lock();
    long first = p.heap().getLong(at(p, PAIR));
    assertEquals(first, p.heap().getLong(at(p, PAIR + 8)), "a reader sees what was written");
    lock.readLock().unlock();
    return p.calls().nanoTime();
  }

  @Test
  void readersSeeWhatWritersWroteTogetherWhoeverDies() {
    Simulation two =
        of(
            s -> {
              s.process("writer", ConditionSimulationTest::write);
              s.process("reader", ConditionSimulationTest::read);
            });
    Schedules.explore("read and write", two.preemptions(Storm.count(3, 6)));
    Schedules.explore("read and write, deaths", two.kills(1).preemptions(Storm.count(1, 3)));
    Schedules.explore("read and write, weak", two.staleLoads(1).preemptions(Storm.count(1, 3)));
    Schedules.explore(
        "two writers and a reader",
        of(s -> {
              s.process("writer", ConditionSimulationTest::write);
              s.process("other writer", ConditionSimulationTest::write);
              s.process("reader", ConditionSimulationTest::read);
            })
            .preemptions(Storm.count(1, 2)));
  }

  /** Who comes in last has not slept any more when the other had gone. */
  @Test
  void readersAndWritersLoseNoWakeUp() {
    Schedules.explore(
        "wake-ups",
        of(s -> {
              Section section = new Section(false, 2);
              s.process(
                  "writer",
                  p -> {
                    SharedReadWriteLock lock = lock(p);
                    lock.writeLock().lock();
                    section.enter(p, 1, Acquisition.CONSISTENT);
                    section.visit(p);
                    section.leave(p, 1);
                    lock.writeLock().unlock();
                    section.go(p, 1);
                  });
              s.process(
                  "reader",
                  p -> {
                    SharedReadWriteLock lock = lock(p);
                    lock.readLock().lock();
                    section.enter(p, 2, Acquisition.CONSISTENT);
                    section.visit(p);
                    section.leave(p, 2);
                    lock.readLock().unlock();
                    section.go(p, 2);
                  });
              s.check(p -> section.check(p, 0));
            })
            .preemptions(Storm.count(3, 6)));
  }
}
