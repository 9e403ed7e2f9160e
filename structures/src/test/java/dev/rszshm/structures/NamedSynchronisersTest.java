package dev.rszshm.structures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.errors.RootMismatchException;
import dev.rszshm.heap.Heap;
import dev.rszshm.sync.Mutex;
import dev.rszshm.sync.RobustLock;
import dev.rszshm.sync.SharedCondition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two attachments of one heap stand for two processes. */
class NamedSynchronisersTest {
  private Heap heap;
  private Heap other;
  private Allocator allocator;
  private Allocator otherAllocator;
  private NamedSynchronisers here;
  private NamedSynchronisers there;

  @BeforeEach
  void attachTwice() {
    heap = Heap.builder().createAnonymous();
    other = Heap.builder().anyAddress().attach(heap.path());
    allocator = Allocator.on(heap);
    otherAllocator = Allocator.on(other);
    here = NamedSynchronisers.of(allocator);
    there = NamedSynchronisers.of(otherAllocator);
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
    requireShared(here.mutex("a"), there.mutex("a"));
    requireShared(here.fastMutex("b"), there.fastMutex("b"));
    requireShared(here.monitor("c"), there.monitor("c"));
    requireShared(here.fairMutex("f"), there.fairMutex("f"));
    requireShared(here.readWriteLock("d").writeLock(), there.readWriteLock("d").writeLock());
  }

  @Test
  void otherNamesAreOtherLocks() {
    Mutex one = here.mutex("one");
    one.lock();
    assertTrue(there.mutex("two").tryLock());
  }

  @Test
  void everythingElseOfANameIsTheSameForAll() throws Exception {
    here.semaphore("s", 0, 5).release();
    assertTrue(there.semaphore("s", 0, 5).tryAcquire());
    assertTrue(here.robustSemaphore("r", 1).tryAcquire());
    assertFalse(there.robustSemaphore("r", 1).tryAcquire());
    here.latch("l", 1).countDown();
    assertEquals(0, there.latch("l", 1).count());
    here.event("e").set();
    assertTrue(there.event("e").isSet());
    assertTrue(here.once("o").run(() -> {}));
    assertFalse(there.once("o").run(() -> {}));
    assertEquals(3, there.barrier("b", 3).parties());
    here.eventCount("c").signalAll();
    SharedCondition condition = there.condition("cond", there.mutex("m"));
    assertThrows(IllegalMonitorStateException.class, condition::signal);
  }

  @Test
  void aNameThatMeansSomethingElseIsRefused() {
    here.mutex("name");
    assertThrows(RootMismatchException.class, () -> there.monitor("name"));
  }

  @Test
  void otherNumbersAreRefused() {
    here.semaphore("s", 0, 5);
    String message =
        assertThrows(IllegalStateException.class, () -> there.semaphore("s", 0, 6)).getMessage();
    assertTrue(message.contains("has a limit of 5, expected 6"), message);
  }
}
