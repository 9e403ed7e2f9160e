package dev.rszshm.heap.internal.wait;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.faults.FaultySystemCalls;
import dev.rszshm.heap.spi.Memory;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.heap.spi.SystemCalls.Wait;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The way of virtual threads, gone by platform threads, so that it is tested on every JDK. */
@Timeout(300)
class ParkingLotTest {
  private static final long LONG = TimeUnit.DAYS.toNanos(1);

  private final FaultySystemCalls calls = new FaultySystemCalls();
  private final Semaphore keptWords = new Semaphore(0);
  private final List<Thread> threads = new ArrayList<>();
  private Heap heap;
  private long word;
  private ParkingLot lot;

  @BeforeEach
  void create() {
    heap = Heap.builder().span(1 << 20).createAnonymous();
    word = heap.dataOffset();
    calls.before("waitOnWords", FaultySystemCalls.EVERY, keptWords::release);
    Platform platform = new Platform(Memory.host(), calls.faulty());
    lot = new ParkingLot(platform, () -> heap.isOpen());
  }

  @AfterEach
  void close() {
    heap.close();
    lot.wakeAll();
  }

  private FutureTask<Wait> park(long offset, long nanos) {
    FutureTask<Wait> task =
        new FutureTask<>(
            () -> {
              Parked parked =
                  lot.enter(
                      Thread.currentThread(), new long[] {heap.base() + offset}, new int[] {0});
              try {
                return heap.getIntVolatile(offset) != 0
                    ? Wait.CHANGED
                    : ParkingLot.park(parked, nanos);
              } finally {
                lot.leave(parked);
              }
            });
    Thread thread = new Thread(task);
    threads.add(thread);
    thread.start();
    return task;
  }

  private void awaitParked() {
    for (Thread thread : threads) {
      while (thread.getState() != Thread.State.TIMED_WAITING) {
        assertTrue(thread.isAlive());
        Thread.onSpinWait();
      }
    }
  }

  private void signal(long offset) {
    heap.putIntVolatile(offset, 1);
    heap.wake(offset, Integer.MAX_VALUE);
  }

  @Test
  void allWhoWaitForAWordGoOnAndOneKeeperSleptForThem() throws Exception {
    List<FutureTask<Wait>> tasks = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      tasks.add(park(word, LONG));
    }
    awaitParked();
    assertEquals(1, lot.keepers());
    signal(word);
    for (FutureTask<Wait> task : tasks) {
      assertEquals(Wait.WOKEN, task.get());
    }
    assertEquals(List.of(), calls.calls("waitOnWord"), "somebody slept in the kernel himself");
  }

  @Test
  void asManyKeepersAsAreNeededSleepOnManyWords() throws Exception {
    int count = 2 * Keeper.MOST_WORDS + 1;
    List<FutureTask<Wait>> tasks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      tasks.add(park(word + 4L * i, LONG));
    }
    awaitParked();
    assertEquals(3, lot.keepers());
    for (int i = count - 1; i >= 0; i--) {
      signal(word + 4L * i);
      assertEquals(Wait.WOKEN, tasks.get(i).get());
    }
  }

  @Test
  void changeThatNobodyAnnouncedIsNoticed() throws Exception {
    FutureTask<Wait> task = park(word, LONG);
    awaitParked();
    keptWords.acquire(2);
    heap.putIntVolatile(word, 1);
    assertEquals(Wait.WOKEN, task.get());
  }

  @Test
  void timeRunsOutAndInterruptsEndIt() throws Exception {
    assertEquals(Wait.TIMED_OUT, park(word, 1000).get());
    FutureTask<Wait> task = park(word, LONG);
    threads.get(1).interrupt();
    assertEquals(Wait.WOKEN, task.get());
  }

  @Test
  void closeLetsAllGoOnAndKeepersEnd() throws Exception {
    FutureTask<Wait> task = park(word, LONG);
    awaitParked();
    heap.close();
    lot.wakeAll();
    task.get();
    while (lot.keepers() > 0) {
      Thread.onSpinWait();
    }
  }

  /** They go on, and meet what it has met; the next one who waits gets another. */
  @Test
  void errorOfAKeeperLetsThoseGoOnWhoWait() throws Exception {
    calls.reset().fail("waitOnWords", 1, 14);
    FutureTask<Wait> task = park(word, LONG);
    assertEquals(Wait.WOKEN, task.get());
    FutureTask<Wait> next = park(word, LONG);
    while (calls.calls("waitOnWords").size() < 2) {
      Thread.onSpinWait();
    }
    signal(word);
    next.get();
  }

  @Test
  void keeperEndsWhenNobodyWaits() throws Exception {
    FutureTask<Wait> task = park(word, LONG);
    awaitParked();
    signal(word);
    task.get();
    while (lot.keepers() > 0) {
      Thread.onSpinWait();
    }
  }
}
