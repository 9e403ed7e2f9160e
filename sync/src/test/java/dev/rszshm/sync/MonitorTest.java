package dev.rszshm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.internal.MonitorLayout;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class MonitorTest extends LockDeathContract {
  @Override
  RobustLock at(Heap heap, long offset) {
    return Monitor.at(heap, offset);
  }

  private Monitor monitor() {
    return (Monitor) lock;
  }

  @Test
  void itIsFreeWhenItWasReleasedAsOftenAsTaken() throws Exception {
    assertEquals(0, monitor().holdCount());
    lock.lock();
    assertTrue(lock.tryLock());
    assertTrue(lock.tryLock(0, TimeUnit.SECONDS));
    assertEquals(Acquisition.CONSISTENT, lock.acquireUninterruptibly());
    lock.lockInterruptibly();
    for (int count = 5; count > 0; count--) {
      assertEquals(count, monitor().holdCount());
      assertEquals(0, ((Monitor) others).holdCount());
      assertFalse(others.tryLock());
      lock.unlock();
    }
    assertEquals(0, monitor().holdCount());
    assertThrows(IllegalMonitorStateException.class, lock::unlock);
    assertTrue(others.tryLock());
    others.unlock();
  }

  @Test
  void itCanBeTakenTwoBillionTimesAndNoMore() {
    lock.lock();
    heap.putInt(attachments.offset + MonitorLayout.REENTRIES, Integer.MAX_VALUE - 1);
    IllegalMonitorStateException thrown =
        assertThrows(IllegalMonitorStateException.class, lock::lock);
    assertTrue(thrown.getMessage().contains("2147483647 times"), thrown.getMessage());
    assertEquals(Integer.MAX_VALUE, monitor().holdCount());
  }

  @Test
  void howOftenADeadOneHadItDoesNotMatter() {
    others.lock();
    others.lock();
    others.lock();
    attachments.other.close();
    lock.onOwnerDied(
        () -> {
          lock.lock();
          assertEquals(2, monitor().holdCount());
          lock.unlock();
        });
    lock.lock();
    assertEquals(1, monitor().holdCount());
    lock.unlock();
    assertFalse(lock.isLocked());
  }
}
