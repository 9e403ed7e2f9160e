package dev.rszshm.heap.internal.wait;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.faults.FaultySystemCalls;
import dev.rszshm.heap.spi.SystemCalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Threads that wait idly. Whatever ends their long sleeps must not be the end of the slice, after
 * which they would look anyway.
 */
@Timeout(300)
class WaitingRoomTest {
  private static final Duration LONG = Duration.ofDays(1000);
  private static final long SLICE = 50_000_000;

  private final FaultySystemCalls calls = new FaultySystemCalls();
  private final Semaphore fallingAsleep = new Semaphore(0);
  private final ConcurrentLinkedQueue<SystemCalls.Wait> endsOfLongSleeps =
      new ConcurrentLinkedQueue<>();
  private final AtomicInteger inLongSleep = new AtomicInteger();
  private Heap heap;
  private long word;

  @BeforeEach
  void create() {
    heap = Heap.builder().span(1 << 20).platform(calls.platform()).createAnonymous();
    word = heap.dataOffset();
    for (String method : new String[] {"waitOnWord", "waitOnWords"}) {
      calls.instead(
          method,
          FaultySystemCalls.EVERY,
          (call, arguments) -> {
            if ((long) arguments[2] <= SLICE) {
              return call.with(arguments);
            }
            fallingAsleep.release();
            inLongSleep.incrementAndGet();
            SystemCalls.Wait end = (SystemCalls.Wait) call.with(arguments);
            inLongSleep.decrementAndGet();
            endsOfLongSleeps.add(end);
            return end;
          });
    }
  }

  @AfterEach
  void close() {
    heap.close();
  }

  private FutureTask<Boolean> waiter(long offset) {
    FutureTask<Boolean> task = new FutureTask<>(() -> heap.waitWhile(offset, 0, LONG));
    thread = new Thread(task);
    thread.start();
    return task;
  }

  private Thread thread;

  /** A thread that sleeps for long, or is just about to. */
  private FutureTask<Boolean> idleWaiter() throws InterruptedException {
    FutureTask<Boolean> task = waiter(word);
    fallingAsleep.acquire();
    return task;
  }

  private void assertNobodySleptToTheEnd() {
    assertFalse(endsOfLongSleeps.contains(SystemCalls.Wait.TIMED_OUT), "a slice has ended");
  }

  /** In slices of 50 ms each of them would wake up twenty times a second, for ever. */
  @Test
  void threadsThatWaitIdlySoonSleepForLong() throws Exception {
    int threads = 100;
    List<FutureTask<Boolean>> waiters = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      waiters.add(waiter(word + 4L * i));
    }
    while (inLongSleep.get() < threads) { // all of them at the same time
      Thread.onSpinWait();
    }
    for (int i = 0; i < threads; i++) {
      heap.putIntVolatile(word + 4L * i, 1);
      heap.wake(word + 4L * i, 1);
      assertTrue(waiters.get(i).get());
    }
  }

  @Test
  void interruptEndsALongSleep() throws Exception {
    FutureTask<Boolean> waiter = idleWaiter();
    thread.interrupt();
    ExecutionException thrown = assertThrows(ExecutionException.class, waiter::get);
    assertEquals(InterruptedException.class, thrown.getCause().getClass());
    assertNobodySleptToTheEnd();
  }

  @Test
  void closeEndsALongSleep() throws Exception {
    FutureTask<Boolean> waiter = idleWaiter();
    heap.close();
    ExecutionException thrown = assertThrows(ExecutionException.class, waiter::get);
    assertEquals(IllegalStateException.class, thrown.getCause().getClass());
    assertNobodySleptToTheEnd();
  }

  /** Whoever changed the word died before it could wake anybody. */
  @Test
  void changeThatNobodyAnnouncedEndsALongSleep() throws Exception {
    FutureTask<Boolean> waiter = idleWaiter();
    heap.putIntVolatile(word, 1);
    assertTrue(waiter.get());
    assertNobodySleptToTheEnd();
  }

  @Test
  void sleepOnSeveralWordsBecomesLongAndIsWatchedToo() throws Exception {
    FutureTask<Void> waiter =
        new FutureTask<>(
            () -> {
              while (heap.getIntVolatile(word + 4) == 0) {
                heap.sleepWhile(new long[] {word, word + 4}, new int[2], Long.MAX_VALUE);
              }
              return null;
            });
    new Thread(waiter).start();
    fallingAsleep.acquire();
    heap.putIntVolatile(word + 4, 1);
    waiter.get();
    assertNobodySleptToTheEnd();
  }

  /** What the others have been changing must be looked at. */
  @Test
  void departureOfAParticipantEndsALongSleepAndAnArrivalDoesNot() throws Exception {
    Heap other = Heap.builder().anyAddress().attach(heap.path());
    idleWaiter();
    Heap another = Heap.builder().anyAddress().attach(heap.path());
    other.close();
    fallingAsleep.acquire();
    assertEquals(1, endsOfLongSleeps.size(), "an arrival has ended the sleep, too");
    another.close();
    fallingAsleep.acquire();
    assertNobodySleptToTheEnd();
    heap.putIntVolatile(word, 1);
  }

  /** For those who look at something that nobody announces. */
  @Test
  void idleVirtualThreadsWakeUpNoMoreThanTwentyTimesASecondHoweverMany() {
    for (int sleepers : new int[] {1, 400, 10_000, 1_000_000}) {
      long slice = WaitingRoom.longSliceNanos(sleepers);
      assertTrue(sleepers <= 20 * (slice / 1e9), sleepers + " sleep for " + slice + " ns");
    }
    assertEquals(TimeUnit.SECONDS.toNanos(20), WaitingRoom.longSliceNanos(400));
  }

  @Test
  void looksOfKeepersAreNoMoreThanFortyASecondHoweverMany() {
    assertEquals(SLICE, Keeper.lookNanos(1));
    for (int keepers = 1; keepers <= 128; keepers++) {
      double looks = keepers * 1e9 / Keeper.lookNanos(keepers);
      assertTrue(looks <= (keepers < 20 ? 40 : 22), keepers + " keepers look " + looks + " times");
    }
  }

  @Test
  void whoAsksForAShortSleepHasOne() {
    for (int i = 0; i < 5; i++) {
      assertTrue(heap.sleepWhile(word, 0, SLICE));
    }
    assertTrue(endsOfLongSleeps.isEmpty());
  }

  /** In a plain file nobody learns of deaths. */
  @Test
  void nobodySleepsForLongWhereDeathsAreNotNoticed() throws Exception {
    try (Heap plain =
        Heap.builder().span(1 << 20).plain().platform(calls.platform()).createAnonymous()) {
      assertFalse(plain.waitWhile(plain.dataOffset(), 0, Duration.ofMillis(400)));
    }
    assertTrue(endsOfLongSleeps.isEmpty());
  }

  @Test
  void watcherSurvivesWhateverItsLooksThrow() throws Exception {
    FutureTask<Boolean> waiter = idleWaiter();
    Throwable[] thrown = {new StackOverflowError(), new OutOfMemoryError(), new Exception()};
    AtomicInteger failures = new AtomicInteger();
    calls.instead(
        "wakeWord",
        FaultySystemCalls.EVERY,
        (call, arguments) -> {
          int nth = failures.getAndIncrement();
          if (nth < thrown.length) {
            throw thrown[nth];
          }
          return call.with(arguments);
        });
    thread.interrupt();
    assertThrows(ExecutionException.class, waiter::get);
    assertNobodySleptToTheEnd();
    assertTrue(failures.get() > thrown.length);
  }

  @Test
  void watcherEndsWhenNobodyWaits() throws Exception {
    FutureTask<Boolean> waiter = idleWaiter();
    List<Thread> watchers;
    do { // the one before may be about to end
      watchers =
          Thread.getAllStackTraces().keySet().stream()
              .filter(t -> t.getName().equals("rszshm-waits"))
              .toList();
    } while (watchers.size() != 1);
    assertTrue(watchers.get(0).isDaemon());
    heap.putIntVolatile(word, 1);
    heap.wake(word, 1);
    waiter.get();
    watchers.get(0).join();
  }
}
