package dev.rszshm.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.os.FaultySystemCalls;
import dev.rszshm.heap.sync.Mutex;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The sleep of virtual threads; but for the last test, in a thread that is none. */
@Timeout(120)
class ParkedSleepTest {
  private final FaultySystemCalls calls = new FaultySystemCalls();
  private final AtomicLong clock = new AtomicLong();
  private Heap heap;
  private long word;

  @BeforeEach
  void create() {
    heap = Heap.builder().span(1 << 20).length(8192).platform(calls.platform()).createAnonymous();
    word = heap.dataOffset();
    calls.instead("nanoTime", FaultySystemCalls.EVERY, (call, arguments) -> clock.get());
    whilePaused(() -> {});
  }

  private void whilePaused(Runnable action) {
    calls.instead(
        "pause",
        FaultySystemCalls.EVERY,
        (call, arguments) -> {
          clock.addAndGet((long) arguments[0]);
          action.run();
          return null;
        });
  }

  @AfterEach
  void close() {
    heap.close();
    heap.unlink();
  }

  private boolean sleep(long nanos) {
    return new ParkedSleep(heap, calls.faulty())
        .sleep(new long[] {word, word + 4}, new int[2], nanos);
  }

  @Test
  void timeRunsOut() {
    assertTrue(sleep(50_000_000));
    assertEquals(50_000_000, clock.get());
    assertTrue(sleep(0));
    assertTrue(sleep(-1));
    assertEquals(50_000_000, clock.get());
  }

  @Test
  void changeOfAnyWordEndsIt() {
    whilePaused(() -> heap.putIntVolatile(word + 4, 1));
    assertFalse(sleep(Long.MAX_VALUE));
    assertTrue(clock.get() < 1_000_000, clock::toString);
    assertFalse(sleep(Long.MAX_VALUE), "it has changed already");
  }

  @Test
  void interruptEndsItAndIsKept() {
    whilePaused(Thread.currentThread()::interrupt);
    assertFalse(sleep(Long.MAX_VALUE));
    assertTrue(Thread.interrupted());
  }

  /** One that must not be interrupted would otherwise look at full speed. */
  @Test
  void interruptFromBeforeIsKeptAndDoesNotEndIt() {
    Thread.currentThread().interrupt();
    assertTrue(sleep(50_000_000));
    assertEquals(50_000_000, clock.get());
    assertTrue(Thread.interrupted());
  }

  @Test
  void closeEndsIt() {
    whilePaused(heap::close);
    assertThrows(IllegalStateException.class, () -> sleep(Long.MAX_VALUE));
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
    calls.reset();
    Mutex mutex = Mutex.at(heap, heap.dataOffset() + 64);
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch waiting = new CountDownLatch(2 * Runtime.getRuntime().availableProcessors());
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
    assertTrue(held.await(60, TimeUnit.SECONDS));
    List<Thread> waiters = new ArrayList<>();
    calls.before("pause", FaultySystemCalls.EVERY, waiting::countDown);
    for (long i = waiting.getCount(); i > 0; i--) {
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
    assertTrue(waiting.await(60, TimeUnit.SECONDS));
    goOn.countDown();
    assertTrue(released.await(60, TimeUnit.SECONDS), "the holder never ran again");
    for (Thread waiter : waiters) {
      waiter.join(60_000);
      assertFalse(waiter.isAlive());
    }
    assertEquals(List.of(), calls.calls("waitOnWord"), "somebody kept its carrier");
  }
}
