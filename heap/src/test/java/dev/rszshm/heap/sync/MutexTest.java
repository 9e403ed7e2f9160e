package dev.rszshm.heap.sync;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class MutexTest extends LockDeathContract {
  @Override
  RobustLock at(Heap heap, long offset) {
    return Mutex.at(heap, offset);
  }

  @Test
  void aThreadThatWouldWaitForItselfIsTold() {
    lock.lock();
    for (Body again :
        new Body[] {
          lock::lock, lock::lockInterruptibly, lock::acquire, () -> lock.tryLock(1, TimeUnit.DAYS)
        }) {
      IllegalMonitorStateException thrown =
          assertThrows(IllegalMonitorStateException.class, again::run);
      assertTrue(thrown.getMessage().contains("already holds"), thrown.getMessage());
    }
    assertFalse(lock.tryLock());
    assertTrue(lock.isHeldByCurrentThread());
    lock.unlock();
  }
}
