package dev.rszshm.sync;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.Attachments.Background;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class FastMutexTest extends LockDeathContract {
  @Override
  RobustLock at(Heap heap, long offset) {
    return FastMutex.at(heap, offset);
  }

  @Override
  boolean knowsThreads() {
    return false;
  }

  @Test
  void oneThreadTakesItAndAnotherGivesItUp() throws Exception {
    lock.lock();
    assertFalse(lock.tryLock());
    assertFalse(lock.tryLock(1, TimeUnit.MILLISECONDS));
    Background<Boolean> waiter = attachments.asleep(() -> lock.tryLock(1, TimeUnit.DAYS));
    Background.inAnotherThread(
        () -> {
          lock.unlock();
          return null;
        });
    assertTrue(waiter.get());
    assertTrue(lock.isHeldByCurrentThread(), "by this process");
    lock.unlock();
  }
}
