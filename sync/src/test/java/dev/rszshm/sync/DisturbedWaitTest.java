package dev.rszshm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.faults.FaultySystemCalls;
import dev.rszshm.heap.spi.SystemCalls;
import dev.rszshm.sync.internal.BarrierLayout;
import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Waits whose sleeps are all ended after a millisecond, as if by the wake-ups of others. */
@Timeout(300)
class DisturbedWaitTest {
  private static final long SLEEP = 1_000_000;
  private static final long DEATH_AFTER = 20;
  private static final long MOST_SLEEPS = 130;

  private final FaultySystemCalls calls = new FaultySystemCalls();
  private final AtomicLong clock = new AtomicLong();
  private long sleeps;
  private Runnable whileAsleep = () -> {};
  private Heap heap;
  private Heap other;

  /** What is waited for, and held by the other attachment. */
  enum Kind {
    MUTEX,
    FAST_MUTEX,
    FAIR_MUTEX,
    MONITOR,
    WRITER_BEHIND_WRITER,
    WRITER_BEHIND_READER,
    READER_BEHIND_WRITER,
    ROBUST_SEMAPHORE,
    ONCE
  }

  @BeforeEach
  void create() {
    heap =
        Heap.builder()
            .span(1 << 20)
            .length(1 << 16)
            .participants(8)
            .platform(calls.platform())
            .createAnonymous();
    other = Heap.builder().anyAddress().platform(calls.platform()).attach(heap.path());
    calls.answer("processors", FaultySystemCalls.EVERY, 1); // nothing spins while time stands still
    calls.instead("nanoTime", FaultySystemCalls.EVERY, (call, arguments) -> clock.get());
    calls.instead("waitOnWord", FaultySystemCalls.EVERY, (call, arguments) -> sleep());
  }

  @AfterEach
  void close() {
    other.close();
    heap.close();
    heap.unlink();
  }

  private SystemCalls.Wait sleep() {
    clock.addAndGet(SLEEP);
    if (++sleeps == DEATH_AFTER) {
      other.close();
    }
    if (sleeps > MOST_SLEEPS) {
      throw new AssertionError("asleep for more than 100 ms behind a dead one");
    }
    whileAsleep.run();
    return SystemCalls.Wait.WOKEN;
  }

  private RobustLock lock(Kind kind, Heap in) {
    long offset = in.dataOffset();
    return switch (kind) {
      case FAST_MUTEX -> FastMutex.at(in, offset);
      case FAIR_MUTEX -> FairMutex.at(in, offset);
      case MONITOR -> Monitor.at(in, offset);
      case MUTEX, ONCE -> Mutex.at(in, offset);
      default -> SharedReadWriteLock.at(in, offset).writeLock();
    };
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void deathIsNoticedThoughEverySleepIsDisturbed(Kind kind) throws Exception {
    long offset = heap.dataOffset();
    switch (kind) {
      case ROBUST_SEMAPHORE -> {
        RobustSemaphore.at(other, offset, 1).acquire();
        RobustSemaphore.at(heap, offset).acquire();
      }
      case WRITER_BEHIND_READER -> {
        SharedReadWriteLock.at(other, offset).readLock().lock();
        lock(kind, heap).lock();
      }
      case READER_BEHIND_WRITER -> {
        lock(kind, other).lock();
        SharedReadWriteLock lock = SharedReadWriteLock.at(heap, offset);
        lock.writeLock().onOwnerDied(() -> {});
        lock.readLock().lock();
      }
      case ONCE -> {
        lock(kind, other).lock();
        assertTrue(Once.at(heap, offset).run(() -> {}));
      }
      default -> {
        lock(kind, other).lock();
        assertEquals(Acquisition.OWNER_DIED, lock(kind, heap).acquireUninterruptibly());
      }
    }
    assertTrue(sleeps >= DEATH_AFTER, () -> "nobody was waited for: " + sleeps);
  }

  @Test
  void deathOfPartyIsNoticedThoughEverySleepIsDisturbed() {
    SharedBarrier theirs = SharedBarrier.at(other, heap.dataOffset(), 2);
    assertThrows(TimeoutException.class, () -> theirs.await(Duration.ZERO));
    SharedBarrier mine = SharedBarrier.at(heap, heap.dataOffset());
    // The other is known from its visit, which the reset forgets.
    mine.reset();
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, mine::await);
    mine.reset();
    sleeps = 0;
    whileAsleep =
        () -> {
          if (sleeps == 1) {
            whileAsleep = () -> {};
            takePart();
          }
        };
    assertThrows(BrokenBarrierException.class, mine::await);
  }

  /** The other takes part in a barrier without waiting there. */
  private void takePart() {
    other.putIntVolatile(
        other.dataOffset() + BarrierLayout.member(1), other.self().orElseThrow().tag());
  }

  @Test
  void noNumberOfResetsWhileAPartyDoesNotLookIsMissed() {
    SharedBarrier barrier = SharedBarrier.at(heap, heap.dataOffset(), 2);
    whileAsleep =
        () -> {
          for (int i = 0; i < 1 << 16; i++) {
            barrier.reset();
          }
        };
    assertThrows(BrokenBarrierException.class, barrier::await);
    assertEquals(1, sleeps);
  }

  @Test
  void timeRunsOutThoughEverySleepIsDisturbed() {
    SharedBarrier barrier = SharedBarrier.at(heap, heap.dataOffset(), 2);
    assertThrows(TimeoutException.class, () -> barrier.await(Duration.ofMillis(7)));
    assertEquals(7, sleeps);
  }

  /** The one that still has a permit gives it back so often that nobody waits for long. */
  @Test
  void permitOfTheDeadIsHadThoughNoWaitIsLong() throws Exception {
    RobustSemaphore mine = RobustSemaphore.at(heap, heap.dataOffset(), 2);
    RobustSemaphore theirs = RobustSemaphore.at(other, heap.dataOffset());
    assertTrue(theirs.tryAcquire());
    mine.acquire();
    assertFalse(mine.tryAcquire(Duration.ZERO), "both are held by the living");
    whileAsleep = mine::release;
    int waits = 0;
    while (mine.heldPermits() < 2) {
      mine.acquire();
      assertTrue(++waits <= MOST_SLEEPS, "the permit of the dead never came back");
    }
    assertTrue(sleeps >= DEATH_AFTER);
  }
}
