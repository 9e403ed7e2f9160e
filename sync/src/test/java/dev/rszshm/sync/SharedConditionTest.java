package dev.rszshm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.Attachments.Background;
import dev.rszshm.sync.errors.LockUnusableException;
import dev.rszshm.sync.errors.OwnerDiedException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Conditions of every kind of lock. */
@Timeout(300)
class SharedConditionTest {
  private static final int CONDITION = 8192;
  private static final int TURN = 8200;

  private Attachments attachments;
  private Heap heap;
  private RobustLock lock;
  private RobustLock others;
  private SharedCondition condition;
  private SharedCondition othersCondition;

  /** The locks that have conditions. */
  enum Kind {
    MUTEX,
    FAST_MUTEX,
    FAIR_MUTEX,
    MONITOR,
    WRITE_LOCK;

    RobustLock at(Heap heap, long offset) {
      return switch (this) {
        case MUTEX -> Mutex.at(heap, offset);
        case FAST_MUTEX -> FastMutex.at(heap, offset);
        case FAIR_MUTEX -> FairMutex.at(heap, offset);
        case MONITOR -> Monitor.at(heap, offset);
        case WRITE_LOCK -> SharedReadWriteLock.at(heap, offset).writeLock();
      };
    }
  }

  @BeforeEach
  void attach() {
    attachments = new Attachments();
    heap = attachments.heap;
  }

  @AfterEach
  void close() {
    attachments.close();
  }

  private void use(Kind kind) {
    long offset = attachments.offset;
    lock = kind.at(heap, offset);
    others = kind.at(attachments.other, offset);
    condition = lock.condition(offset + CONDITION);
    othersCondition = others.condition(offset + CONDITION);
  }

  /** A thread of the other participant that waits once, with the lock before and after. */
  private Background<Boolean> waiter(Duration time) throws InterruptedException {
    return attachments.asleep(
        () -> {
          others.lock();
          try {
            return othersCondition.await(time);
          } finally {
            others.unlock();
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void aSignalEndsAWaitOfAnotherParticipant(Kind kind) throws Exception {
    use(kind);
    Background<Boolean> waiter = waiter(Duration.ofDays(1));
    lock.lock();
    condition.signal();
    lock.unlock();
    assertTrue(waiter.get());
    assertFalse(lock.isLocked());
  }

  @ParameterizedTest
  @EnumSource
  void aBroadcastEndsAllWaits(Kind kind) throws Exception {
    use(kind);
    List<Background<Boolean>> waiters = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      waiters.add(waiter(Duration.ofDays(1)));
    }
    lock.lock();
    condition.signalAll();
    lock.unlock();
    for (Background<Boolean> waiter : waiters) {
      assertTrue(waiter.get());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSignalThatNobodyWaitedForIsForgotten(Kind kind) throws Exception {
    use(kind);
    lock.lock();
    condition.signal();
    condition.signalAll();
    assertEquals(0, attachments.wakes());
    assertFalse(condition.await(Duration.ofMillis(1)));
    assertFalse(condition.await(-1, TimeUnit.SECONDS));
    lock.unlock();
  }

  @ParameterizedTest
  @EnumSource
  void aTimedWaitSaysWhetherThereWasASignal(Kind kind) throws Exception {
    use(kind);
    lock.lock();
    long start = System.nanoTime();
    assertFalse(condition.await(70, TimeUnit.MILLISECONDS));
    assertTrue(System.nanoTime() - start >= 70_000_000);
    assertTrue(condition.awaitNanos(1_000_000) <= 0);
    assertFalse(condition.awaitUntil(Date.from(Instant.now().minusSeconds(5))));
    assertTrue(lock.isHeldByCurrentThread());
    lock.unlock();
    Background<Long> waiter =
        attachments.asleep(
            () -> {
              others.lock();
              long left = othersCondition.awaitNanos(TimeUnit.DAYS.toNanos(1));
              others.unlock();
              return left;
            });
    lock.lock();
    condition.signal();
    lock.unlock();
    long left = waiter.get();
    assertTrue(left > 0 && left < TimeUnit.DAYS.toNanos(1), () -> "left: " + left);
  }

  @ParameterizedTest
  @EnumSource
  void interruptsEndAWaitWithTheLockHeld(Kind kind) throws Exception {
    use(kind);
    Background<Boolean> waiter =
        attachments.asleep(
            () -> {
              others.lock();
              try {
                assertThrows(InterruptedException.class, othersCondition::await);
                return others.isHeldByCurrentThread() && !Thread.currentThread().isInterrupted();
              } finally {
                others.unlock();
              }
            });
    waiter.thread().interrupt();
    assertTrue(waiter.get());
    lock.lock();
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, condition::await);
    assertTrue(lock.isHeldByCurrentThread());
    lock.unlock();
    Background<Boolean> patient =
        attachments.asleep(
            () -> {
              others.lock();
              othersCondition.awaitUninterruptibly();
              others.unlock();
              return Thread.currentThread().isInterrupted();
            });
    patient.thread().interrupt();
    lock.lock();
    condition.signal();
    lock.unlock();
    assertTrue(patient.get());
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsDoneWithoutTheLock(Kind kind) {
    use(kind);
    others.lock();
    assertThrows(IllegalMonitorStateException.class, condition::signal);
    assertThrows(IllegalMonitorStateException.class, condition::signalAll);
    assertThrows(IllegalMonitorStateException.class, condition::await);
    assertThrows(IllegalMonitorStateException.class, () -> condition.await(Duration.ZERO));
    assertThrows(IllegalMonitorStateException.class, condition::awaitUninterruptibly);
    assertTrue(others.isHeldByCurrentThread());
  }

  /** Slices are 50 ms, so that lost signals would take minutes. */
  @ParameterizedTest
  @EnumSource
  @Timeout(300)
  void noSignalIsLost(Kind kind) throws Exception {
    use(kind);
    int turns = 2000;
    Background<Void> other =
        Background.start(
            () -> {
              play(attachments.other, others, othersCondition, 1, turns);
              return null;
            });
    play(heap, lock, condition, 0, turns);
    other.get();
    assertEquals(2 * turns, heap.getInt(attachments.offset + TURN));
  }

  private void play(Heap in, RobustLock mutex, SharedCondition turned, int parity, int turns)
      throws InterruptedException {
    long turn = attachments.offset + TURN;
    for (int i = 0; i < turns; i++) {
      mutex.lock();
      while (in.getInt(turn) % 2 != parity) {
        turned.await();
      }
      in.putInt(turn, in.getInt(turn) + 1);
      turned.signal();
      mutex.unlock();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoWaitsLearnsThatAHolderDied(Kind kind) throws Exception {
    use(kind);
    Background<Boolean> waiter =
        attachments.asleep(
            () -> {
              lock.lock();
              assertThrows(OwnerDiedException.class, condition::await);
              boolean held = lock.isHeldByCurrentThread();
              lock.markConsistent();
              lock.unlock();
              return held;
            });
    others.lock();
    othersCondition.signal();
    attachments.other.close();
    assertTrue(waiter.get());
    lock.lock();
    lock.unlock();
  }

  @ParameterizedTest
  @EnumSource
  void whoWaitsRepairsWhatADeadHolderLeft(Kind kind) throws Exception {
    use(kind);
    List<Boolean> repairs = new ArrayList<>();
    lock.onOwnerDied(() -> repairs.add(lock.isHeldByCurrentThread()));
    Background<Boolean> waiter =
        attachments.asleep(
            () -> {
              lock.lock();
              condition.await();
              lock.unlock();
              return true;
            });
    others.lock();
    othersCondition.signal();
    attachments.other.close();
    assertTrue(waiter.get());
    assertEquals(List.of(true), repairs);
    assertFalse(lock.isLocked());
  }

  @ParameterizedTest
  @EnumSource
  void whoWaitsLearnsThatTheLockIsUnusable(Kind kind) throws Exception {
    use(kind);
    Background<Boolean> waiter = waiter(Duration.ofDays(1));
    try (Heap third = attachments.attach()) {
      RobustLock thirds = kind.at(third, attachments.offset);
      thirds.lock();
    }
    assertEquals(Acquisition.OWNER_DIED, lock.acquireUninterruptibly());
    condition.signal();
    lock.unlock();
    assertThrows(LockUnusableException.class, waiter::get);
  }

  @ParameterizedTest
  @EnumSource
  void theWaitOnAClosedHeapThrows(Kind kind) throws Exception {
    use(kind);
    Background<Boolean> waiter = waiter(Duration.ofDays(1));
    attachments.other.close();
    assertThrows(IllegalStateException.class, waiter::get);
    lock.lock();
    lock.unlock();
  }

  @ParameterizedTest
  @EnumSource(names = "MONITOR")
  void aMonitorIsGivenUpWholeAndTakenBackAsOften(Kind kind) throws Exception {
    use(kind);
    Background<Integer> waiter =
        attachments.asleep(
            () -> {
              others.lock();
              others.lock();
              others.lock();
              assertTrue(othersCondition.await(Duration.ofDays(1)));
              int count = ((Monitor) others).holdCount();
              others.unlock();
              others.unlock();
              assertTrue(others.isHeldByCurrentThread());
              others.unlock();
              return count;
            });
    lock.lock();
    lock.lock();
    condition.signal();
    lock.unlock();
    lock.unlock();
    assertEquals(3, waiter.get());
    assertFalse(lock.isLocked());
  }
}
