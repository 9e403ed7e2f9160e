package dev.rszshm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import java.util.Arrays;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stack that overflows in an acquisition, at whatever depth: then nothing is held. */
@Timeout(300)
class DeepStackTest {
  private static final int STACK = 200_000;
  private static final int DEPTHS = 400;
  private static final int LENGTH = 1 << 12;

  /** The word of a lock that is free and whose last holder has died. */
  private static final long ORPHANED = 2;

  private final Heap heap = Heap.builder().span(64L << 20).createAnonymous();
  private long next = heap.dataOffset();
  private int deepest;
  private int overflows;
  private boolean has;
  private Throwable thrown;

  @Test
  void mutexIsHeldOnlyIfLockHasReturned() throws Exception {
    tryAll(offset -> Mutex.at(heap, offset));
  }

  @Test
  void fastMutexIsHeldOnlyIfLockHasReturned() throws Exception {
    tryAll(offset -> FastMutex.at(heap, offset));
  }

  @Test
  void fairMutexIsHeldOnlyIfLockHasReturned() throws Exception {
    tryAll(offset -> FairMutex.at(heap, offset));
  }

  @Test
  void monitorIsHeldOnlyIfLockHasReturned() throws Exception {
    tryAll(offset -> Monitor.at(heap, offset));
  }

  @Test
  void writeLockIsHeldOnlyIfLockHasReturned() throws Exception {
    tryAll(offset -> SharedReadWriteLock.at(heap, offset).writeLock());
  }

  @Test
  void readLockIsHeldOnlyIfLockHasReturned() throws Exception {
    tryAll(
        offset -> SharedReadWriteLock.at(heap, offset),
        lock -> {
          lock.readLock().lock();
          has = true;
        },
        lock -> lock.readerCount() != 0);
  }

  @Test
  void permitIsTakenOnlyIfAcquireHasReturned() throws Exception {
    tryAll(
        offset -> RobustSemaphore.at(heap, offset, 2),
        semaphore -> {
          semaphore.acquireUninterruptibly();
          has = true;
        },
        semaphore -> semaphore.heldPermits() != 0);
  }

  private void tryAll(LongFunction<? extends RobustLock> made) throws Exception {
    LongFunction<RobustLock> orphan =
        offset -> {
          RobustLock lock = made.apply(offset);
          heap.putLongVolatile(offset, ORPHANED);
          lock.onOwnerDied(() -> {});
          return lock;
        };
    Acquire<RobustLock> locks =
        lock -> {
          lock.lock();
          has = true;
        };
    tryAll(made, locks, RobustLock::isLocked);
    tryAll(orphan, locks, RobustLock::isLocked);
  }

  /** Acquires, and writes behind it that it has, without a call. */
  private interface Acquire<T> {
    void from(T from);
  }

  private <T> void tryAll(LongFunction<? extends T> made, Acquire<T> acquire, Predicate<T> held)
      throws InterruptedException {
    acquire.from(made.apply(place())); // what is linked at first use is not linked without a stack
    overflows = 0;
    for (int i = 0; i < DEPTHS; i++) {
      T from = made.apply(place());
      deepest = 0;
      inThread(
          () -> at(Integer.MAX_VALUE, from, acquire)); // again, since compiled frames are shorter
      int depth = deepest - i;
      has = false;
      int before = overflows;
      inThread(() -> at(depth, from, acquire));
      int place = i;
      assertEquals(
          has, held.test(from), () -> "held, " + place + " from the end of the stack" + top());
      assertTrue(has || overflows > before, "it has not come back");
    }
    assertTrue(overflows > DEPTHS, overflows + " overflows");
  }

  /** Where the last error came from. */
  private String top() {
    return thrown == null
        ? ""
        : ", "
            + Arrays.stream(thrown.getStackTrace())
                .filter(f -> !f.getMethodName().equals("descend"))
                .limit(12)
                .toList();
  }

  private long place() {
    next += LENGTH;
    heap.ensure(next + LENGTH);
    return next;
  }

  private <T> void at(int depth, T from, Acquire<T> acquire) {
    if (depth > 0) {
      deepest++;
      at(depth - 1, from, acquire);
    } else {
      acquire.from(from);
    }
  }

  private void inThread(Runnable work) throws InterruptedException {
    Thread thread = new Thread(null, work, "deep", STACK);
    thread.setUncaughtExceptionHandler(
        (t, e) -> {
          if (e instanceof StackOverflowError) {
            thrown = e;
            overflows++;
          }
        });
    thread.start();
    thread.join();
  }

  @AfterEach
  void close() {
    heap.close();
  }
}
