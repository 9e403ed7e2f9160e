package dev.rszshm.structures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.errors.RootMismatchException;
import dev.rszshm.heap.Heap;
import dev.rszshm.sync.EventCount;
import dev.rszshm.sync.FairMutex;
import dev.rszshm.sync.FastMutex;
import dev.rszshm.sync.Monitor;
import dev.rszshm.sync.Mutex;
import dev.rszshm.sync.Once;
import dev.rszshm.sync.RobustLock;
import dev.rszshm.sync.RobustSemaphore;
import dev.rszshm.sync.SharedBarrier;
import dev.rszshm.sync.SharedCondition;
import dev.rszshm.sync.SharedEvent;
import dev.rszshm.sync.SharedLatch;
import dev.rszshm.sync.SharedReadWriteLock;
import dev.rszshm.sync.SharedSemaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two attachments of one heap stand for two processes. */
class NamedSynchronizersTest {
  private Heap heap;
  private Heap other;
  private Allocator allocator;
  private Allocator otherAllocator;

  @BeforeEach
  void attachTwice() {
    heap = Heap.builder().createAnonymous();
    other = Heap.builder().anyAddress().attach(heap.path());
    allocator = Allocator.on(heap);
    otherAllocator = Allocator.on(other);
  }

  @AfterEach
  void detach() {
    otherAllocator.close();
    allocator.close();
    other.close();
    heap.close();
  }

  @SuppressWarnings("LockNotBeforeTry")
  private void requireShared(RobustLock lock, RobustLock same) {
    lock.lock();
    assertTrue(same.isLocked());
    assertFalse(same.tryLock());
    lock.unlock();
    assertTrue(same.tryLock());
    same.unlock();
  }

  @Test
  void aLockOfANameIsTheSameForAll() {
    requireShared(Mutex.named(allocator, "a"), Mutex.named(otherAllocator, "a"));
    requireShared(FastMutex.named(allocator, "b"), FastMutex.named(otherAllocator, "b"));
    requireShared(Monitor.named(allocator, "c"), Monitor.named(otherAllocator, "c"));
    requireShared(FairMutex.named(allocator, "f"), FairMutex.named(otherAllocator, "f"));
    requireShared(
        SharedReadWriteLock.named(allocator, "d").writeLock(),
        SharedReadWriteLock.named(otherAllocator, "d").writeLock());
  }

  @Test
  void otherNamesAreOtherLocks() {
    Mutex one = Mutex.named(allocator, "one");
    one.lock();
    assertTrue(Mutex.named(otherAllocator, "two").tryLock());
  }

  @Test
  void everythingElseOfANameIsTheSameForAll() throws Exception {
    SharedSemaphore.named(allocator, "s", 0, 5).release();
    assertTrue(SharedSemaphore.named(otherAllocator, "s", 0, 5).tryAcquire());
    assertTrue(RobustSemaphore.named(allocator, "r", 1).tryAcquire());
    assertFalse(RobustSemaphore.named(otherAllocator, "r", 1).tryAcquire());
    SharedLatch.named(allocator, "l", 1).countDown();
    assertEquals(0, SharedLatch.named(otherAllocator, "l", 1).count());
    SharedEvent.named(allocator, "e").set();
    assertTrue(SharedEvent.named(otherAllocator, "e").isSet());
    assertTrue(Once.named(allocator, "o").run(() -> {}));
    assertFalse(Once.named(otherAllocator, "o").run(() -> {}));
    assertEquals(3, SharedBarrier.named(otherAllocator, "b", 3).parties());
    EventCount.named(allocator, "c").signalAll();
    SharedCondition condition =
        SharedCondition.named(otherAllocator, "cond", Mutex.named(otherAllocator, "m"));
    assertThrows(IllegalMonitorStateException.class, condition::signal);
  }

  @Test
  void aNameThatMeansSomethingElseIsRefused() {
    Mutex.named(allocator, "name");
    assertThrows(RootMismatchException.class, () -> Monitor.named(otherAllocator, "name"));
  }

  @Test
  void otherNumbersAreRefused() {
    SharedSemaphore.named(allocator, "s", 0, 5);
    String message =
        assertThrows(
                IllegalStateException.class, () -> SharedSemaphore.named(otherAllocator, "s", 0, 6))
            .getMessage();
    assertTrue(message.contains("has a limit of 5, expected 6"), message);
  }
}
