package dev.rszshm.tests.sync;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.FairMutex;
import dev.rszshm.sync.FastMutex;
import dev.rszshm.sync.Monitor;
import dev.rszshm.sync.Mutex;
import dev.rszshm.sync.Once;
import dev.rszshm.sync.RobustLock;
import dev.rszshm.sync.RobustSemaphore;
import dev.rszshm.sync.SharedBarrier;
import dev.rszshm.sync.SharedEvent;
import dev.rszshm.sync.SharedLatch;
import dev.rszshm.sync.SharedReadWriteLock;
import dev.rszshm.sync.SharedSemaphore;
import dev.rszshm.testkit.faults.HostileWords;
import dev.rszshm.tests.Storm;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Any word of a lock, a semaphore, a barrier may be any other. */
class LocksHostileIT {
  private static final Duration BRIEFLY = Duration.ofMillis(2);

  /** One of each, a thousand bytes apart. */
  public static final class Trial implements HostileWords.Trial {
    private static long at(Heap heap, int number) {
      return (heap.dataOffset() + 127 & -128) + 1024L * number;
    }

    @Override
    public void prepare(Heap heap) {
      RobustSemaphore.at(heap, at(heap, 5), 4);
      SharedSemaphore.at(heap, at(heap, 6), 1, 2);
      SharedBarrier.at(heap, at(heap, 7), 2);
      SharedLatch.at(heap, at(heap, 8), 1);
    }

    @Override
    public long to(Heap heap) {
      return at(heap, 11);
    }

    private static void visit(RobustLock lock) throws InterruptedException {
      lock.onOwnerDied(() -> {});
      lock.holder();
      if (lock.tryLock(BRIEFLY.toMillis(), TimeUnit.MILLISECONDS)) {
        lock.unlock();
      }
    }

    @Override
    public Map<String, HostileWords.Operation> operations() {
      return Map.ofEntries(
          Map.entry("mutex", heap -> visit(Mutex.at(heap, at(heap, 0)))),
          Map.entry("fair mutex", heap -> visit(FairMutex.at(heap, at(heap, 1)))),
          Map.entry(
              "fast mutex",
              heap -> {
                FastMutex mutex = FastMutex.at(heap, at(heap, 2));
                if (mutex.tryLock(BRIEFLY.toMillis(), TimeUnit.MILLISECONDS)) {
                  mutex.unlock();
                }
              }),
          Map.entry("monitor", heap -> visit(Monitor.at(heap, at(heap, 3)))),
          Map.entry(
              "read-write lock",
              heap -> {
                SharedReadWriteLock lock = SharedReadWriteLock.at(heap, at(heap, 4));
                visit(lock.writeLock());
                if (lock.readLock().tryLock(BRIEFLY.toMillis(), TimeUnit.MILLISECONDS)) {
                  lock.readLock().unlock();
                }
              }),
          Map.entry(
              "robust semaphore",
              heap -> {
                RobustSemaphore semaphore = RobustSemaphore.at(heap, at(heap, 5));
                if (semaphore.tryAcquire(BRIEFLY)) {
                  semaphore.release();
                }
              }),
          Map.entry(
              "semaphore",
              heap -> {
                SharedSemaphore semaphore = SharedSemaphore.at(heap, at(heap, 6));
                if (semaphore.tryAcquire(BRIEFLY)) {
                  semaphore.release();
                }
              }),
          Map.entry(
              "barrier",
              heap -> {
                SharedBarrier barrier = SharedBarrier.at(heap, at(heap, 7));
                barrier.await(BRIEFLY);
              }),
          Map.entry("latch", heap -> SharedLatch.at(heap, at(heap, 8)).await(BRIEFLY)),
          Map.entry("event", heap -> SharedEvent.at(heap, at(heap, 9)).await(BRIEFLY)),
          Map.entry("once", heap -> Once.at(heap, at(heap, 10)).isDone()));
    }
  }

  @Test
  void noWordOfASynchroniserCrashesHangsOrConfusesItsUsers() {
    HostileWords.of(Trial.class).rounds(Storm.count(60, 5000)).run();
  }
}
