package dev.rszshm.tests.sync;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.sync.FairMutex;
import dev.rszshm.sync.Monitor;
import dev.rszshm.sync.Mutex;
import dev.rszshm.sync.RobustLock;
import dev.rszshm.sync.RobustSemaphore;
import dev.rszshm.sync.SharedReadWriteLock;
import dev.rszshm.testkit.faults.ThrowAnywhere;
import dev.rszshm.testkit.process.ScratchDirectory;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** An error at any access of a lock: others get it all the same. */
class LocksThrowTest {
  /** What is done with a heap, and what must be so afterwards. */
  private interface Use {
    void run(Heap heap, Step act) throws Exception;
  }

  /** Does something in which an error is thrown. */
  private interface Step {
    void act(Runnable body);
  }

  private static void run(Use use) throws Exception {
    try (ScratchDirectory directory = ScratchDirectory.inMemory()) {
      int[] number = {0};
      int places =
          ThrowAnywhere.on(Platform.host())
              .limit(Duration.ofSeconds(5))
              .run(
                  point -> {
                    try (Heap heap =
                        Heap.builder()
                            .span(1 << 20)
                            .platform(point.platform())
                            .create(directory.path().resolve("heap" + number[0]++))) {
                      use.run(heap, body -> point.act(body::run));
                    }
                  });
      assertTrue(places > 1, "there are " + places + " places");
    }
  }

  private static <T> T inAnotherThread(Callable<T> body) throws Exception {
    FutureTask<T> task = new FutureTask<>(body);
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    thread.start();
    return task.get(4, TimeUnit.SECONDS);
  }

  private static void visit(Function<Heap, ? extends RobustLock> made) throws Exception {
    run(
        (heap, step) -> {
          RobustLock lock = made.apply(heap);
          step.act(
              () -> {
                lock.lock();
                lock.unlock();
              });
          while (lock.isHeldByCurrentThread()) {
            lock.unlock();
          }
          inAnotherThread(
              () -> {
                RobustLock same = made.apply(heap);
                assertTrue(same.tryLock(2, TimeUnit.SECONDS), "another thread gets it");
                same.unlock();
                return null;
              });
        });
  }

  @Test
  void aMutexCanBeHadAfterAnErrorAnywhere() throws Exception {
    visit(heap -> Mutex.at(heap, heap.dataOffset()));
  }

  @Test
  void aFairMutexCanBeHadAfterAnErrorAnywhere() throws Exception {
    visit(heap -> FairMutex.at(heap, heap.dataOffset()));
  }

  @Test
  void aMonitorCanBeHadAfterAnErrorAnywhere() throws Exception {
    visit(heap -> Monitor.at(heap, heap.dataOffset()));
  }

  @Test
  void aWriteLockCanBeHadAfterAnErrorAnywhere() throws Exception {
    visit(heap -> SharedReadWriteLock.at(heap, heap.dataOffset()).writeLock());
  }

  @Test
  void aReadLockLeavesNoReaderAfterAnErrorAnywhere() throws Exception {
    run(
        (heap, step) -> {
          SharedReadWriteLock lock = SharedReadWriteLock.at(heap, heap.dataOffset());
          boolean[] has = {false};
          step.act(
              () -> {
                lock.readLock().lock();
                has[0] = true;
                lock.readLock().unlock();
                has[0] = false;
              });
          if (has[0] && lock.readerCount() > 0) {
            lock.readLock().unlock();
          }
          inAnotherThread(
              () -> {
                RobustLock write = SharedReadWriteLock.at(heap, heap.dataOffset()).writeLock();
                assertTrue(write.tryLock(2, TimeUnit.SECONDS), "a writer gets it");
                write.unlock();
                return null;
              });
        });
  }

  @Test
  void noPermitIsLostAtAnErrorAnywhere() throws Exception {
    run(
        (heap, step) -> {
          RobustSemaphore semaphore = RobustSemaphore.at(heap, heap.dataOffset(), 1);
          boolean[] has = {false};
          step.act(
              () -> {
                semaphore.acquireUninterruptibly();
                has[0] = true;
                semaphore.release();
                has[0] = false;
              });
          if (has[0] && semaphore.heldPermits() > 0) {
            semaphore.release();
          }
          inAnotherThread(
              () -> {
                assertTrue(semaphore.tryAcquire(Duration.ofSeconds(2)), "the permit is there");
                semaphore.release();
                return null;
              });
        });
  }
}
