package dev.rszshm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.faults.FaultySystemCalls;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Virtual threads that wait for a lock, where there are virtual threads. */
@Timeout(300)
class VirtualThreadsTest {
  private final FaultySystemCalls calls = new FaultySystemCalls();
  private Heap heap;

  @BeforeEach
  void create() {
    heap = Heap.builder().span(1 << 20).length(8192).platform(calls.platform()).createAnonymous();
  }

  @AfterEach
  void close() {
    heap.close();
  }

  /** As many as there are carriers, and some more: the holder is one of them, and must go on. */
  @Test
  void virtualThreadsThatWaitLeaveTheirCarriersToTheHolder() throws Exception {
    Method start = null;
    try {
      start = Thread.class.getMethod("startVirtualThread", Runnable.class);
    } catch (NoSuchMethodException before21) {
      Assumptions.abort("there are no virtual threads");
    }
    Mutex mutex = Mutex.at(heap, heap.dataOffset() + 64);
    CountDownLatch held = new CountDownLatch(1);
    int count = 2 * Runtime.getRuntime().availableProcessors();
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    start.invoke(
        null,
        (Runnable)
            () -> {
              mutex.lock();
              held.countDown();
              try {
                goOn.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              mutex.unlock();
              released.countDown();
            });
    assertTrue(held.await(180, TimeUnit.SECONDS));
    List<Thread> waiters = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      waiters.add(
          (Thread)
              start.invoke(
                  null,
                  (Runnable)
                      () -> {
                        mutex.lock();
                        mutex.unlock();
                      }));
    }
    for (Thread waiter : waiters) {
      while (waiter.getState() != Thread.State.TIMED_WAITING) {
        assertTrue(waiter.isAlive());
        Thread.onSpinWait();
      }
    }
    goOn.countDown();
    assertTrue(released.await(180, TimeUnit.SECONDS), "the holder never ran again");
    for (Thread waiter : waiters) {
      waiter.join(180_000);
      assertFalse(waiter.isAlive());
    }
    assertEquals(List.of(), calls.calls("waitOnWord"), "somebody kept its carrier");
  }
}
