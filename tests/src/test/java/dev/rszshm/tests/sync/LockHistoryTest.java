package dev.rszshm.tests.sync;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.Acquisition;
import dev.rszshm.sync.Mutex;
import dev.rszshm.testkit.history.CounterModel;
import dev.rszshm.testkit.history.HistoryRecorder;
import dev.rszshm.testkit.history.LockModel;
import dev.rszshm.testkit.history.LockModel.Answer;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Schedules;
import dev.rszshm.tests.Storm;
import org.junit.jupiter.api.Test;

/** Whether what a mutex answers, across deaths, is what a robust mutex answers at some instant. */
class LockHistoryTest {
  private static Simulation heap() {
    return Simulation.ofHeap(() -> Heap.builder().span(1 << 20).participants(5).length(8192));
  }

  private static Mutex mutex(SimulatedProcess p) {
    return Mutex.at(p.heap(), p.heap().dataOffset());
  }

  private static Answer acquire(Mutex mutex) {
    if (mutex.acquireUninterruptibly() == Acquisition.OWNER_DIED) {
      mutex.markConsistent();
      return Answer.OWNER_DIED;
    }
    return Answer.ACQUIRED;
  }

  private static Answer release(Mutex mutex) {
    mutex.unlock();
    return null;
  }

  @Test
  void aMutexAnswersLikeARobustOne() {
    Schedules.explore(
        "history of a mutex",
        heap()
            .scenario(
                s -> {
                  HistoryRecorder<LockModel.Operation, Answer> calls =
                      s.linearizable(LockModel.robust());
                  for (int i = 0; i < 3; i++) {
                    s.process(
                        "visitor " + i,
                        p -> {
                          Mutex mutex = mutex(p);
                          p.call(calls, new LockModel.Acquire(), () -> acquire(mutex));
                          p.call(calls, new LockModel.Release(), () -> release(mutex));
                        });
                  }
                })
            .kills(1)
            .preemptions(Storm.count(1, 2)));
  }

  /** A sum that is read and written under the lock counts each addition once, or a dead one not. */
  @Test
  void aCounterUnderAMutexIsACounter() {
    Schedules.explore(
        "history of a counter",
        heap()
            .scenario(
                s -> {
                  HistoryRecorder<CounterModel.Operation, Long> calls =
                      s.linearizable(new CounterModel(0));
                  for (int i = 0; i < 2; i++) {
                    s.process(
                        "adder " + i,
                        p -> {
                          p.call(calls, new CounterModel.GetAndAdd(1), () -> add(p));
                          p.call(calls, new CounterModel.GetAndAdd(1), () -> add(p));
                        });
                  }
                })
            .kills(1)
            .preemptions(Storm.count(1, 3)));
  }

  private static long add(SimulatedProcess p) {
    Mutex mutex = mutex(p);
    mutex.onOwnerDied(() -> {});
    long sum = p.heap().dataOffset() + 64;
    mutex.lock();
    long before = p.heap().getLong(sum);
    p.heap().putLong(sum, before + 1);
    mutex.unlock();
    return before;
  }
}
