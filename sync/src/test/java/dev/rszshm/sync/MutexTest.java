package dev.rszshm.sync;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.Attachments.Background;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
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

  @Test
  void whoSleepsHasGivenTheLockUpAndHasItAgainThen() throws Exception {
    lock.lock();
    SharedEvent begun = SharedEvent.at(heap, attachments.offset + 4096);
    Background<Boolean> other =
        Background.start(
            () -> {
              others.lock();
              begun.set();
              others.unlock();
              return true;
            });
    while (!begun.isSet()) {
      lock.sleep(Duration.ofMillis(1));
      assertTrue(lock.isHeldByCurrentThread());
    }
    lock.unlock();
    assertTrue(other.get());
  }

  @Test
  void anInterruptEndsASleepWithTheLockHeld() {
    lock.lock();
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> lock.sleep(Duration.ofSeconds(50)));
    assertTrue(lock.isHeldByCurrentThread());
    lock.unlock();
    assertThrows(IllegalMonitorStateException.class, () -> lock.sleep(Duration.ZERO));
  }
}
