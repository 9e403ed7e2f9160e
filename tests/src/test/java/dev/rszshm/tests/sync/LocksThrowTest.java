package dev.rszshm.tests.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.sync.Acquisition;
import dev.rszshm.sync.FairMutex;
import dev.rszshm.sync.FastMutex;
import dev.rszshm.sync.Monitor;
import dev.rszshm.sync.Mutex;
import dev.rszshm.sync.Once;
import dev.rszshm.sync.RobustLock;
import dev.rszshm.sync.RobustSemaphore;
import dev.rszshm.sync.SharedReadWriteLock;
import dev.rszshm.sync.errors.OwnerDiedException;
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
  /** The word of a lock that is free and whose last holder has died. */
  private static final long ORPHANED = 2;

  /** Nobody waits so long but for what never comes. */
  private static final Duration SOON = Duration.ofMinutes(1);

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
      assertTrue(places >= 1, "there are " + places + " places");
    }
  }

  private static <T> T inAnotherThread(Callable<T> body) throws Exception {
    FutureTask<T> task = new FutureTask<>(body);
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    thread.start();
    return task.get();
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
                assertTrue(same.tryLock(SOON), "another thread gets it");
                same.unlock();
                return null;
              });
        });
  }

  /** As {@link #visit}, of a lock whose last holder has died: no step of that is the only one. */
  private static void visitOrphan(Function<Heap, ? extends RobustLock> made) throws Exception {
    for (boolean repairs : new boolean[] {true, false}) {
      run(
          (heap, step) -> {
            RobustLock lock = made.apply(heap);
            heap.putLongVolatile(heap.dataOffset(), ORPHANED);
            lock.onOwnerDied(repairs ? () -> {} : null);
            boolean[] has = {false};
            step.act(
                () -> {
                  try {
                    lock.lock();
                  } catch (OwnerDiedException expected) {
                    assertFalse(repairs, "it can be repaired");
                    return;
                  }
                  has[0] = true;
                });
            assertEquals(has[0], lock.isLocked(), "whether it is held, as lock() has said");
            if (!has[0]) {
              inAnotherThread(
                  () -> {
                    Acquisition found = made.apply(heap).tryAcquire(SOON);
                    assertEquals(Acquisition.OWNER_DIED, found, "another thread gets it");
                    return null;
                  });
            }
          });
    }
  }

  @Test
  void anOrphanedMutexStaysOneAfterAnErrorAnywhere() throws Exception {
    visitOrphan(heap -> Mutex.at(heap, heap.dataOffset()));
  }

  @Test
  void anOrphanedFastMutexStaysOneAfterAnErrorAnywhere() throws Exception {
    visitOrphan(heap -> FastMutex.at(heap, heap.dataOffset()));
  }

  @Test
  void anOrphanedFairMutexStaysOneAfterAnErrorAnywhere() throws Exception {
    visitOrphan(heap -> FairMutex.at(heap, heap.dataOffset()));
  }

  @Test
  void anOrphanedMonitorStaysOneAfterAnErrorAnywhere() throws Exception {
    visitOrphan(heap -> Monitor.at(heap, heap.dataOffset()));
  }

  @Test
  void anOrphanedWriteLockStaysOneAfterAnErrorAnywhere() throws Exception {
    visitOrphan(heap -> SharedReadWriteLock.at(heap, heap.dataOffset()).writeLock());
  }

  @Test
  void aMonitorThatWasNotAcquiredIsFreeAfterAnErrorAnywhere() throws Exception {
    run(
        (heap, step) -> {
          Monitor monitor = Monitor.at(heap, heap.dataOffset());
          boolean[] has = {false};
          step.act(
              () -> {
                monitor.lock();
                has[0] = true;
              });
          assertEquals(has[0], monitor.isLocked());
          assertEquals(has[0] ? 1 : 0, monitor.holdCount());
        });
  }

  @Test
  void aWriteLockThatWasNotAcquiredIsFreeAfterAnErrorAnywhere() throws Exception {
    run(
        (heap, step) -> {
          RobustLock lock = SharedReadWriteLock.at(heap, heap.dataOffset()).writeLock();
          boolean[] has = {false};
          step.act(
              () -> {
                lock.lock();
                has[0] = true;
              });
          assertEquals(has[0], lock.isLocked());
        });
  }

  @Test
  void aPlaceInTheLineIsFreeAfterAnErrorAnywhere() throws Exception {
    run(
        (heap, step) -> {
          FairMutex mutex = FairMutex.at(heap, heap.dataOffset(), 1);
          inAnotherThread(() -> mutex.acquire());
          step.act(() -> assertFalse(tryFor(mutex, 1)));
          long place = heap.dataOffset() + FairMutex.length(1) - Long.BYTES;
          assertEquals(0, heap.getLongVolatile(place), "the place");
        });
  }

  private static boolean tryFor(RobustLock lock, int millis) {
    try {
      return lock.tryLock(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aReaderThatRepairsLeavesNoWriterAfterAnErrorAnywhere() throws Exception {
    run(
        (heap, step) -> {
          SharedReadWriteLock lock = SharedReadWriteLock.at(heap, heap.dataOffset());
          heap.putLongVolatile(heap.dataOffset(), ORPHANED);
          lock.writeLock().onOwnerDied(() -> {});
          boolean[] reads = {false};
          step.act(
              () -> {
                lock.readLock().lock();
                reads[0] = true;
              });
          assertFalse(lock.writeLock().isLocked(), "somebody writes");
          assertEquals(reads[0] ? 1 : 0, lock.readerCount());
        });
  }

  @Test
  void aRootCanBeMadeByOthersAfterAnErrorAnywhere() throws Exception {
    run(
        (heap, step) -> {
          Allocator allocator = Allocator.on(heap);
          step.act(() -> allocator.root("one", 1, 1, 64));
          inAnotherThread(
              () -> {
                try (Heap other = Heap.builder().anyAddress().attach(heap.path())) {
                  Allocator.on(other).root("another", 1, 1, 64);
                }
                return null;
              });
        });
  }

  @Test
  void whatIsRunOnceCanBeRunAfterAnErrorAnywhere() throws Exception {
    run(
        (heap, step) -> {
          heap.putLongVolatile(heap.dataOffset(), ORPHANED);
          Once once = Once.at(heap, heap.dataOffset());
          step.act(() -> once.run(() -> {}));
          inAnotherThread(() -> Once.at(heap, heap.dataOffset()).run(() -> {}));
          assertTrue(once.isDone());
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
                assertTrue(write.tryLock(SOON), "a writer gets it");
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
                assertTrue(semaphore.tryAcquire(SOON), "the permit is there");
                semaphore.release();
                return null;
              });
        });
  }
}
