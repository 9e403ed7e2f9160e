package dev.rszshm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.ReadOnlyHeapException;
import dev.rszshm.sync.Attachments.Background;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every robust lock promises to those who live. */
abstract class RobustLockContract {
  private static final int ROUNDS = 3000;

  Attachments attachments;
  Heap heap;
  RobustLock lock;
  RobustLock others;

  /** The lock of the kind that is tested, at an offset. */
  abstract RobustLock at(Heap heap, long offset);

  /** Whether the lock tells the threads of a process apart. */
  boolean knowsThreads() {
    return true;
  }

  @BeforeEach
  void attach() {
    attachments = new Attachments();
    heap = attachments.heap;
    lock = at(heap, attachments.offset);
    others = at(attachments.other, attachments.offset);
  }

  @AfterEach
  void close() {
    attachments.close();
  }

  @Test
  void updatesUnderTheLockAreNotLost() throws Exception {
    long counter = attachments.offset + 8192;
    List<Background<Void>> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      RobustLock mine = i % 2 == 0 ? lock : others;
      Heap in = i % 2 == 0 ? heap : attachments.other;
      threads.add(
          Background.start(
              () -> {
                for (int round = 0; round < ROUNDS; round++) {
                  mine.lock();
                  in.putLong(counter, in.getLong(counter) + 1);
                  mine.unlock();
                }
                return null;
              }));
    }
    for (Background<Void> thread : threads) {
      thread.get();
    }
    assertEquals(4 * ROUNDS, heap.getLong(counter));
    assertFalse(lock.isLocked());
  }

  @Test
  void takingAndReleasingWithoutContentionMakesNoSystemCall() throws Exception {
    lock.lock();
    lock.unlock();
    assertTrue(lock.tryLock(1, TimeUnit.DAYS));
    lock.unlock();
    assertEquals(0, attachments.sleeps() + attachments.wakes());
  }

  @Test
  void whoHoldsItIsKnown() {
    assertFalse(lock.isLocked());
    assertFalse(lock.isHeldByCurrentThread());
    assertEquals(true, lock.holder().isEmpty());
    assertTrue(lock.toString().endsWith("free"), lock.toString());
    lock.lock();
    assertTrue(lock.isLocked() && others.isLocked());
    assertTrue(lock.isHeldByCurrentThread());
    assertFalse(others.isHeldByCurrentThread(), "by the other participant");
    Holder holder = others.holder().orElseThrow();
    assertEquals(heap.self().orElseThrow().slot(), holder.participant().slot());
    assertTrue(holder.participant().alive());
    assertEquals(knowsThreads(), holder.thread().isPresent());
    holder.thread().ifPresent(id -> assertEquals(Thread.currentThread().getId(), id));
    String text = others.toString();
    assertTrue(text.contains("held by process " + ProcessHandle.current().pid()), text);
    assertTrue(text.contains("at offset " + attachments.offset + " of /proc/"), text);
    lock.unlock();
    assertFalse(others.isLocked());
  }

  @Test
  void aReleaseByAnybodyElseIsRefusedAndChangesNothing() throws Exception {
    IllegalMonitorStateException free =
        assertThrows(IllegalMonitorStateException.class, lock::unlock);
    assertTrue(free.getMessage().contains("is not held by this"), free.getMessage());
    assertTrue(free.getMessage().endsWith("it is free"), free.getMessage());
    lock.lock();
    IllegalMonitorStateException theirs =
        assertThrows(IllegalMonitorStateException.class, others::unlock);
    assertTrue(
        theirs.getMessage().contains("held by process " + ProcessHandle.current().pid()),
        theirs.getMessage());
    assertThrows(IllegalMonitorStateException.class, others::markConsistent);
    assertTrue(lock.isHeldByCurrentThread());
    if (knowsThreads()) {
      Background.inAnotherThread(
          () -> assertThrows(IllegalMonitorStateException.class, lock::unlock));
      assertTrue(lock.isLocked());
    } else {
      Background.inAnotherThread(Executors.callable(lock::unlock));
      assertFalse(lock.isLocked());
    }
  }

  @Test
  void tryTakesWhatIsFreeAndNothingElse() throws Exception {
    assertTrue(lock.tryLock());
    assertFalse(others.tryLock());
    assertEquals(false, Background.inAnotherThread(() -> lock.tryLock()));
    assertEquals(0, attachments.sleeps());
    lock.unlock();
    assertTrue(others.tryLock());
    assertFalse(lock.tryLock());
    others.unlock();
  }

  @Test
  void aTimedWaitEndsWithTheLockOrWithTheTime() throws Exception {
    lock.lock();
    assertFalse(others.tryLock(-1, TimeUnit.SECONDS));
    assertFalse(others.tryLock(Long.MIN_VALUE, TimeUnit.DAYS));
    assertFalse(others.tryLock(0, TimeUnit.SECONDS));
    assertFalse(others.tryLock(1, TimeUnit.MILLISECONDS));
    long start = System.nanoTime();
    assertFalse(others.tryLock(70, TimeUnit.MILLISECONDS));
    assertTrue(System.nanoTime() - start >= 70_000_000, "not before the time");
    Background<Boolean> waiter = attachments.asleep(() -> others.tryLock(1, TimeUnit.DAYS));
    assertFalse(waiter.isDone());
    lock.unlock();
    assertTrue(waiter.get());
    assertTrue(others.isLocked());
    assertEquals(Acquisition.NOT_ACQUIRED, lock.tryAcquire(Duration.ofMillis(1)));
  }

  @Test
  void aReleaseWakesWhoSleeps() throws Exception {
    lock.lock();
    Background<Void> other = attachments.asleep(() -> lockAndRelease(others));
    Background<Void> own = attachments.asleep(() -> lockAndRelease(lock));
    lock.unlock();
    other.get();
    own.get();
    assertFalse(lock.isLocked());
  }

  private static Void lockAndRelease(RobustLock lock) {
    lock.lock();
    lock.unlock();
    return null;
  }

  @Test
  void anInterruptBeforeAnInterruptibleLockIsNoticedEvenIfTheLockIsFree() {
    List<Body> bodies =
        List.of(
            lock::lockInterruptibly, () -> lock.tryLock(1, TimeUnit.DAYS), () -> lock.acquire());
    for (Body body : bodies) {
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, body::run);
      assertFalse(Thread.currentThread().isInterrupted());
      assertFalse(lock.isLocked());
    }
  }

  @Test
  void anInterruptEndsAnInterruptibleWait() throws Exception {
    lock.lock();
    for (boolean timed : new boolean[] {false, true}) {
      Background<Boolean> waiter =
          attachments.asleep(
              () -> {
                if (timed) {
                  return others.tryLock(1, TimeUnit.DAYS);
                }
                others.lockInterruptibly();
                return true;
              });
      waiter.thread().interrupt();
      assertThrows(InterruptedException.class, waiter::get);
    }
    assertTrue(lock.isHeldByCurrentThread());
  }

  @Test
  void anInterruptDuringAnOrdinaryWaitIsKeptForLater() throws Exception {
    lock.lock();
    Background<Boolean> waiter =
        attachments.asleep(
            () -> {
              others.lock();
              others.unlock();
              return Thread.currentThread().isInterrupted();
            });
    waiter.thread().interrupt();
    lock.unlock();
    assertTrue(waiter.get());
    Thread.currentThread().interrupt();
    lock.lock();
    assertTrue(Thread.interrupted(), "the flag is as it was");
    lock.unlock();
  }

  @Test
  void theLockOfAClosedHeapThrows() throws Exception {
    lock.lock();
    Background<Void> waiter = attachments.asleep(() -> lockAndRelease(others));
    attachments.other.close();
    assertThrows(IllegalStateException.class, waiter::get);
    List<Body> bodies =
        List.of(
            others::lock,
            others::tryLock,
            others::unlock,
            others::isLocked,
            others::reset,
            () -> others.tryLock(1, TimeUnit.SECONDS),
            others::acquire);
    for (Body body : bodies) {
      assertThrows(IllegalStateException.class, body::run);
    }
    assertTrue(others.toString().endsWith("which is closed"), "it can still be named");
    lock.unlock();
  }

  @Test
  void readersLookAndOnlyParticipantsLock() {
    try (Heap reader = Heap.builder().readOnly().anyAddress().attach(heap.path())) {
      RobustLock looking = at(reader, attachments.offset);
      assertFalse(looking.isLocked());
      lock.lock();
      assertTrue(looking.isLocked());
      assertEquals(lock.holder(), looking.holder());
      assertFalse(looking.isHeldByCurrentThread());
      lock.unlock();
      assertThrows(ReadOnlyHeapException.class, looking::tryLock);
    }
    try (Heap plain = Heap.builder().plain().span(1 << 20).createAnonymous()) {
      IllegalStateException thrown =
          assertThrows(IllegalStateException.class, () -> at(plain, plain.dataOffset()));
      assertTrue(thrown.getMessage().contains("is a plain file"), thrown.getMessage());
    }
  }

  @Test
  void theOffsetIsAlignedAndWithinTheHeap() {
    assertThrows(IllegalArgumentException.class, () -> at(heap, attachments.offset + 4));
    assertThrows(IndexOutOfBoundsException.class, () -> at(heap, -8));
    assertThrows(IndexOutOfBoundsException.class, () -> at(heap, 1 << 20));
  }

  @Test
  void twoLocksSideBySideAreTwoLocks() {
    RobustLock second = at(heap, attachments.offset + 4096);
    lock.lock();
    assertTrue(second.tryLock());
    lock.unlock();
    assertTrue(second.isHeldByCurrentThread());
    assertNotEquals(lock.toString(), second.toString());
    second.unlock();
  }

  @Test
  void lockIsReleasedHoweverTheBodyEnds() {
    assertEquals(
        "held: true", Locks.callLocked(lock, () -> "held: " + lock.isHeldByCurrentThread()));
    assertFalse(lock.isLocked());
    IllegalStateException thrown =
        assertThrows(
            IllegalStateException.class,
            () ->
                Locks.runLocked(
                    lock,
                    () -> {
                      throw new IllegalStateException("from the body");
                    }));
    assertEquals("from the body", thrown.getMessage());
    assertFalse(lock.isLocked());
  }

  @Test
  void whatABodyThrowsIsToldThoughTheHeapWasClosedMeanwhile() {
    IllegalArgumentException fault = new IllegalArgumentException("from the body");
    Runnable body =
        () -> {
          heap.close();
          throw fault;
        };
    assertSame(
        fault, assertThrows(IllegalArgumentException.class, () -> Locks.runLocked(lock, body)));
    assertEquals(1, fault.getSuppressed().length);
  }

  @Test
  void closeEndsTheSleepOfWhoGaveTheLockUpForATime() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    Background<Void> sleeper =
        Background.start(
            () -> {
              lock.lock();
              held.countDown();
              lock.sleep(Duration.ofDays(1000));
              return null;
            });
    held.await();
    assertTrue(others.tryLock(Long.MAX_VALUE, TimeUnit.DAYS), "it is given up meanwhile");
    others.unlock();
    heap.close();
    assertThrows(IllegalStateException.class, sleeper::get);
  }

  @Test
  void theLongestTimeIsForEver() throws Exception {
    lock.lock();
    Background<Boolean> waiter =
        attachments.asleep(
            () -> {
              boolean got = others.tryLock(Long.MAX_VALUE, TimeUnit.DAYS);
              others.unlock();
              Duration longest = Duration.ofSeconds(Long.MAX_VALUE);
              return got
                  && others.tryLock(TimeUnit.NANOSECONDS.convert(longest), TimeUnit.NANOSECONDS);
            });
    lock.unlock();
    assertTrue(waiter.get());
  }

  @Test
  void aConditionNeedsAPlace() {
    UnsupportedOperationException thrown =
        assertThrows(UnsupportedOperationException.class, lock::newCondition);
    assertTrue(thrown.getMessage().contains("condition(offset)"), thrown.getMessage());
  }

  /** Something that may throw anything. */
  interface Body {
    void run() throws Exception;
  }
}
