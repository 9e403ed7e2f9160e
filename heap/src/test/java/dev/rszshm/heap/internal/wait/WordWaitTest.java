package dev.rszshm.heap.internal.wait;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.ProcSelf;
import dev.rszshm.heap.faults.FaultySystemCalls;
import dev.rszshm.heap.spi.SystemCalls;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waiting for a word to change. The time-out only ends a test that hangs. */
@Timeout(300)
class WordWaitTest {
  private static final Duration LONG = Duration.ofDays(1000);

  private final FaultySystemCalls faults = new FaultySystemCalls();
  private Heap heap;
  private long word;

  @BeforeEach
  void create() {
    heap = Heap.builder().span(1 << 20).platform(faults.platform()).createAnonymous();
    word = heap.dataOffset();
    faults.reset();
  }

  @AfterEach
  void close() {
    heap.close();
  }

  /** Starts a thread that waits, and returns once it sleeps or is about to. */
  private FutureTask<Boolean> waiter(Heap in, Duration timeout) throws InterruptedException {
    CountDownLatch waiting = new CountDownLatch(1);
    faults.before("waitOnWord", FaultySystemCalls.EVERY, waiting::countDown);
    FutureTask<Boolean> task = new FutureTask<>(() -> in.waitWhile(word, 0, timeout));
    thread = new Thread(task);
    thread.start();
    waiting.await();
    return task;
  }

  private Thread thread;

  @Test
  void wordThatHasChangedIsNotWaitedFor() throws InterruptedException {
    heap.putInt(word, 5);
    assertTrue(heap.waitWhile(word, 4, LONG));
    assertTrue(heap.waitWhile(word, 4, Duration.ZERO));
    assertEquals(0, faults.calls("waitOnWord").size());
  }

  @Test
  void waiterIsWokenByAnotherThreadAndAnotherAttachment() throws Exception {
    try (Heap other = Heap.builder().anyAddress().attach(heap.path())) {
      for (Heap waker : new Heap[] {heap, other}) {
        heap.putIntVolatile(word, 0);
        FutureTask<Boolean> waiter = waiter(heap, LONG);
        waker.putIntVolatile(word, 1);
        waker.wake(word, 1);
        assertTrue(waiter.get());
      }
    }
  }

  @Test
  void wakeSaysHowManyItHasWoken() throws Exception {
    assertEquals(0, heap.wake(word, Integer.MAX_VALUE));
    FutureTask<Boolean> waiter = waiter(heap, LONG);
    int woken;
    do {
      woken = heap.wake(word, 1);
    } while (woken == 0);
    assertEquals(1, woken);
    assertFalse(waiter.isDone(), "the word has not changed");
    heap.putIntVolatile(word, 1);
    heap.wake(word, 1);
    assertTrue(waiter.get());
  }

  /** A slice of the wait ends by itself, so that nobody sleeps for ever for want of a wake. */
  @Test
  void changeThatNobodyAnnouncedIsNoticed() throws Exception {
    FutureTask<Boolean> waiter = waiter(heap, LONG);
    heap.putIntVolatile(word, 1);
    assertTrue(waiter.get());
  }

  @Test
  void timeRunsOut() throws InterruptedException {
    for (Duration none :
        new Duration[] {
          Duration.ZERO,
          Duration.ofNanos(-1),
          Duration.ofNanos(Long.MIN_VALUE),
          Duration.ofSeconds(Long.MIN_VALUE)
        }) {
      assertFalse(heap.waitWhile(word, 0, none));
    }
    assertEquals(0, faults.calls("waitOnWord").size());
    assertFalse(heap.waitWhile(word, 0, Duration.ofMillis(70)));
    assertFalse(faults.calls("waitOnWord").isEmpty(), "in slices of 50 ms");
    for (FaultySystemCalls.Call call : faults.calls("waitOnWord")) {
      assertTrue(call.number(2) <= 50_000_000, call::toString);
    }
  }

  /** As a profiler does that interrupts every thread every few milliseconds. */
  @Test
  void signalsDoNotEndASleepAndItsTimeRunsOutAllTheSame() throws Exception {
    for (long nanos : new long[] {0, 3_000_000, 80_000_000, Long.MAX_VALUE}) {
      for (boolean several : new boolean[] {false, true}) {
        String call = several ? "waitOnWords" : "waitOnWord";
        AtomicLong clock = new AtomicLong();
        faults.reset().instead("nanoTime", FaultySystemCalls.EVERY, (c, a) -> clock.get());
        faults.instead(
            call,
            FaultySystemCalls.EVERY,
            (c, arguments) -> {
              long left = (long) arguments[2];
              clock.addAndGet(Math.min(left, 1_000_000));
              return left <= 1_000_000 ? SystemCalls.Wait.TIMED_OUT : SystemCalls.Wait.INTERRUPTED;
            });
        assertTrue(
            several
                ? heap.sleepWhile(new long[] {word, word + 4}, new int[2], nanos)
                : heap.sleepWhile(word, 0, nanos),
            "the time is over");
        long slept = Math.min(nanos, 50_000_000);
        assertTrue(clock.get() >= slept && clock.get() <= slept + 1_000_000, clock::toString);
      }
    }
  }

  @Test
  void signalDoesNotHideTheWakeUpThatFollows() {
    faults.answer("waitOnWord", 1, SystemCalls.Wait.INTERRUPTED);
    faults.answer("waitOnWord", 2, SystemCalls.Wait.WOKEN);
    assertFalse(heap.sleepWhile(word, 0, Long.MAX_VALUE));
    faults
        .reset()
        .instead(
            "waitOnWord",
            1,
            (call, arguments) -> {
              heap.putIntVolatile(word, 1);
              return SystemCalls.Wait.INTERRUPTED;
            });
    assertFalse(heap.sleepWhile(word, 0, Long.MAX_VALUE), "the word has changed");
  }

  @Test
  void closeIsNoticedByASleepThatSignalsInterrupt() {
    faults.instead(
        "waitOnWord",
        FaultySystemCalls.EVERY,
        (call, arguments) -> {
          heap.close();
          return SystemCalls.Wait.INTERRUPTED;
        });
    assertThrows(IllegalStateException.class, () -> heap.sleepWhile(word, 0, Long.MAX_VALUE));
    assertEquals(1, faults.calls("waitOnWord").size());
  }

  @Test
  void interruptEndsTheWait() throws Exception {
    FutureTask<Boolean> waiter = waiter(heap, LONG);
    thread.interrupt();
    ExecutionException thrown = assertThrows(ExecutionException.class, waiter::get);
    assertEquals(InterruptedException.class, thrown.getCause().getClass());
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> heap.waitWhile(word, 0, Duration.ZERO));
    assertFalse(Thread.currentThread().isInterrupted());
  }

  @Test
  void closeEndsTheWaitAndKeepsNoAddressForIt() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch inside = new CountDownLatch(1);
    faults.instead(
        "waitOnWord",
        FaultySystemCalls.EVERY,
        (call, arguments) -> {
          inside.countDown();
          goOn.await();
          return call.with(arguments);
        });
    FutureTask<Boolean> waiter = new FutureTask<>(() -> heap.waitWhile(word, 0, LONG));
    new Thread(waiter).start();
    inside.await();
    heap.close();
    while (!ProcSelf.mappingsIn(heap.base(), 1 << 20).isEmpty()) {
      // Another thread of this JVM was at work in another heap: the next close looks again.
      Heap.builder().span(1 << 20).createAnonymous().close();
    }
    goOn.countDown();
    ExecutionException thrown = assertThrows(ExecutionException.class, waiter::get);
    assertEquals(IllegalStateException.class, thrown.getCause().getClass());
    assertThrows(IllegalStateException.class, () -> heap.waitWhile(word, 0, LONG));
    assertThrows(IllegalStateException.class, () -> heap.wake(word, 1));
  }

  @Test
  void readOnlyHeapCanWaitAndWake() throws Exception {
    try (Heap reader =
        Heap.builder().readOnly().anyAddress().platform(faults.platform()).attach(heap.path())) {
      FutureTask<Boolean> waiter = waiter(reader, LONG);
      heap.putIntVolatile(word, 1);
      reader.wake(word, 1);
      assertTrue(waiter.get());
      assertFalse(reader.waitWhile(word, 1, Duration.ofMillis(1)));
    }
  }

  @Test
  void wordMustBeAligned() {
    assertThrows(IllegalArgumentException.class, () -> heap.waitWhile(word + 2, 0, LONG));
    assertThrows(IllegalArgumentException.class, () -> heap.wake(word + 1, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> heap.waitWhile(-4, 0, LONG));
    assertThrows(NullPointerException.class, () -> heap.waitWhile(word, 0, null));
  }

  /** Two threads hand a turn back and forth; slices are 50 ms, so lost wakes would take minutes. */
  @Test
  @Timeout(300)
  void noWakeIsLost() throws Exception {
    int turns = 5000;
    FutureTask<Void> other =
        new FutureTask<>(
            () -> {
              play(turns, 1);
              return null;
            });
    new Thread(other).start();
    play(turns, 0);
    other.get();
    assertEquals(2 * turns, heap.getInt(word));
  }

  private void play(int turns, int parity) throws InterruptedException {
    for (int i = 0; i < turns; i++) {
      int now = heap.getIntVolatile(word);
      while (now % 2 != parity) {
        heap.waitWhile(word, now, LONG);
        now = heap.getIntVolatile(word);
      }
      heap.putIntVolatile(word, now + 1);
      heap.wake(word, 1);
    }
  }
}
