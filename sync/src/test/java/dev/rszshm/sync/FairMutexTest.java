package dev.rszshm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.Attachments.Background;
import dev.rszshm.sync.internal.FairMutexLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
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
    attachments.slowDownTime();
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
    attachments.slowDownTime();
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
    attachments.slowDownTime();
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
    attachments.slowDownTime();
    lock.lock();
    int number = FairMutexLayout.USUAL_PLACES + 8;
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
        IntStream.range(0, FairMutexLayout.USUAL_PLACES).boxed().toList(),
        order.subList(0, FairMutexLayout.USUAL_PLACES));
    assertEquals(number, order.size());
    lock.lock();
    lock.unlock();
  }

  @Test
  void ticketsGoRound() throws Exception {
    attachments.slowDownTime();
    attachments.heap.putLong(
        attachments.offset + FairMutexLayout.QUEUE, 0xffff_fff0L << Integer.SIZE);
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

  /** However many give up before: each gives its place back. */
  @Test
  void whoGivesUpLeavesRoomForOthers() throws Exception {
    attachments.slowDownTime();
    lock.lock();
    List<Background<Void>> waiters = new ArrayList<>();
    waiters.add(waiter(0, others));
    for (int i = 0; i < 2 * FairMutexLayout.USUAL_PLACES; i++) {
      assertFalse(others.tryLock(1, TimeUnit.MICROSECONDS));
    }
    for (int i = 1; i <= 10; i++) {
      waiters.add(waiter(i, i % 2 == 0 ? lock : others));
    }
    lock.unlock();
    for (Background<Void> waiter : waiters) {
      waiter.get();
    }
    assertEquals(IntStream.rangeClosed(0, 10).boxed().toList(), order);
    assertEquals(0, (int) heap.getLong(attachments.offset + FairMutexLayout.QUEUE), "nobody waits");
  }

  @Test
  void asManyAsItIsMadeForWaitInOrder() throws Exception {
    attachments.slowDownTime();
    long offset = attachments.offset + 1024;
    int number = 200;
    RobustLock mutex = FairMutex.at(heap, offset, number);
    RobustLock theirs = FairMutex.at(attachments.other, offset);
    mutex.lock();
    List<Background<Void>> waiters = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      waiters.add(waiter(i, i % 2 == 0 ? mutex : theirs));
    }
    mutex.unlock();
    for (Background<Void> waiter : waiters) {
      waiter.get();
    }
    assertEquals(IntStream.range(0, number).boxed().toList(), order);
    IllegalStateException thrown =
        assertThrows(IllegalStateException.class, () -> FairMutex.at(heap, offset, 100));
    assertTrue(thrown.getMessage().endsWith("has 200 places, expected 100"), thrown.getMessage());
    for (int wrong : new int[] {-1, 0, FairMutex.MAX_PLACES + 1}) {
      assertThrows(IllegalArgumentException.class, () -> FairMutex.length(wrong));
    }
    heap.putInt(offset + FairMutexLayout.PLACES, -7);
    assertThrows(IllegalStateException.class, () -> FairMutex.at(heap, offset));
  }

  /** What stands in a place of one that is alive, was woken, and never looks. */
  @Test
  void oneThatDoesNotTakeItsTurnIsPassedOver() throws Exception {
    lock.lock();
    long first = attachments.offset + FairMutexLayout.place(0);
    long queue = attachments.offset + FairMutexLayout.QUEUE;
    int stopped = attachments.other.self().orElseThrow().tag();
    heap.putLong(first, FairMutexLayout.waiting(1, stopped));
    heap.putLong(queue, FairMutexLayout.withTicketTaken(1L << Integer.SIZE, 0, 64));
    List<Background<Void>> waiters = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      waiters.add(waiter(i, lock));
    }
    lock.unlock();
    for (Background<Void> waiter : waiters) {
      waiter.get();
    }
    assertEquals(Set.of(0, 1, 2), Set.copyOf(order));
    assertEquals(
        FairMutexLayout.waiting(1, stopped) | FairMutexLayout.PASSED,
        heap.getLong(first) & ~FairMutexLayout.SIGNALLED,
        "it keeps its place");
    attachments.other.close();
    assertTrue(lock.tryLock(0, TimeUnit.SECONDS));
    assertEquals(0, heap.getLong(first), "the dead lose their places");
  }
}
