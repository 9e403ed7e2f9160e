package dev.rszshm.heap.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.sync.Attachments.Background;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class FairMutexTest extends LockDeathContract {
  private final List<Integer> order = Collections.synchronizedList(new ArrayList<>());

  @Override
  RobustLock at(Heap heap, long offset) {
    return FairMutex.at(heap, offset);
  }

  /** A thread that waits, and then notes its number while it has the lock. */
  private Background<Void> waiter(int number, RobustLock mutex) throws InterruptedException {
    return attachments.asleep(
        () -> {
          mutex.lock();
          order.add(number);
          mutex.unlock();
          return null;
        });
  }

  @Test
  void thoseWhoWaitGetItInTheOrderInWhichTheyCame() throws Exception {
    lock.lock();
    List<Background<Void>> waiters = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      waiters.add(waiter(i, i % 3 == 0 ? lock : others));
    }
    lock.unlock();
    for (Background<Void> waiter : waiters) {
      waiter.get();
    }
    assertEquals(IntStream.range(0, 10).boxed().toList(), order);
  }

  @Test
  void whoComesLaterWaitsEvenIfItCouldBeFaster() throws Exception {
    for (int i = 0; i < 200; i++) {
      lock.lock();
      Background<Void> waiter = waiter(1, others);
      lock.unlock();
      lock.lock();
      order.add(2);
      lock.unlock();
      waiter.get();
      assertEquals(List.of(1, 2), order);
      order.clear();
    }
  }

  @Test
  void whoGivesUpOrDiesLosesItsPlace() throws Exception {
    lock.lock();
    Heap third = attachments.attach();
    List<Background<Void>> waiters = new ArrayList<>();
    Background<Boolean> dead =
        attachments.asleep(() -> at(third, attachments.offset).tryLock(1, TimeUnit.DAYS));
    waiters.add(waiter(1, others));
    Background<Boolean> interrupted = attachments.asleep(() -> others.tryLock(1, TimeUnit.DAYS));
    waiters.add(waiter(2, lock));
    assertFalse(others.tryLock(1, TimeUnit.MILLISECONDS));
    waiters.add(waiter(3, others));
    third.close();
    assertThrows(IllegalStateException.class, dead::get);
    interrupted.thread().interrupt();
    assertThrows(InterruptedException.class, interrupted::get);
    lock.unlock();
    for (Background<Void> waiter : waiters) {
      waiter.get();
    }
    assertEquals(List.of(1, 2, 3), order);
  }

  @Test
  void moreThanThereArePlacesGetIt() throws Exception {
    lock.lock();
    int number = FairMutexLayout.PLACES + 8;
    List<Background<Void>> waiters = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      waiters.add(waiter(i, i % 2 == 0 ? lock : others));
    }
    assertFalse(others.tryLock(1, TimeUnit.MILLISECONDS));
    lock.unlock();
    for (Background<Void> waiter : waiters) {
      waiter.get();
    }
    assertEquals(
        IntStream.range(0, FairMutexLayout.PLACES).boxed().toList(),
        order.subList(0, FairMutexLayout.PLACES));
    assertEquals(number, order.size());
    lock.lock();
    lock.unlock();
  }

  @Test
  void positionsGoRound() throws Exception {
    attachments.heap.putLong(attachments.offset + FairMutexLayout.QUEUE, 0xffff_fff0_ffff_fff0L);
    lock.lock();
    List<Background<Void>> waiters = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      waiters.add(waiter(i, i % 2 == 0 ? lock : others));
    }
    lock.unlock();
    for (Background<Void> waiter : waiters) {
      waiter.get();
    }
    assertEquals(IntStream.range(0, 40).boxed().toList(), order);
  }

  @Test
  void aTryWithoutTimeDoesNotStandInLine() throws Exception {
    lock.lock();
    Background<Void> waiter = waiter(1, others);
    lock.unlock();
    waiter.get();
    assertTrue(lock.tryLock());
    lock.unlock();
  }
}
