package dev.rszshm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.Attachments.Background;
import dev.rszshm.sync.errors.LockUnusableException;
import dev.rszshm.sync.errors.OwnerDiedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every robust lock promises, and what of it holds when holders die. */
abstract class LockDeathContract extends RobustLockContract {
  /** Lets the other participant die with the lock. */
  private void die() {
    others.lock();
    attachments.other.close();
  }

  @Test
  void aLockIsNotTakenFromTheDeadUnawares() throws Exception {
    die();
    assertTrue(lock.isLocked(), "nobody has looked yet");
    List<Body> takers =
        List.of(
            lock::lock,
            lock::lockInterruptibly,
            lock::tryLock,
            () -> lock.tryLock(1, TimeUnit.SECONDS));
    for (Body taker : takers) {
      OwnerDiedException thrown = assertThrows(OwnerDiedException.class, taker::run);
      assertTrue(thrown.getMessage().contains("may be half changed"), thrown.getMessage());
      assertFalse(lock.isLocked(), "left free, and marked");
    }
    assertEquals(Acquisition.OWNER_DIED, lock.acquireUninterruptibly());
    lock.markConsistent();
    lock.unlock();
    lock.lock();
    lock.unlock();
    assertEquals(Acquisition.CONSISTENT, lock.acquireUninterruptibly());
  }

  /** So that a loop of short tries comes to an end. */
  @Test
  void aTimeTooShortToSleepIsEnoughToTakeTheLockFromTheDead() throws Exception {
    die();
    assertEquals(Acquisition.OWNER_DIED, lock.tryAcquire(Duration.ZERO));
    lock.markConsistent();
    lock.unlock();
    try (Heap third = attachments.attach()) {
      at(third, attachments.offset).lock();
    }
    lock.onOwnerDied(() -> {});
    assertTrue(lock.tryLock(-1, TimeUnit.SECONDS));
    assertEquals(0, attachments.sleeps());
  }

  @Test
  void theHolderThatDiedIsNamedAsDead() {
    die();
    assertTrue(
        lock.toString().endsWith("which is dead") || lock.toString().endsWith("that is gone"),
        lock.toString());
    assertFalse(lock.holder().map(h -> h.participant().alive()).orElse(false));
  }

  @Test
  void whoSleepsLearnsOfTheDeath() throws Exception {
    others.lock();
    Background<Acquisition> waiter =
        attachments.asleep(
            () -> {
              Acquisition found = lock.acquireUninterruptibly();
              lock.markConsistent();
              lock.unlock();
              return found;
            });
    attachments.other.close();
    assertEquals(Acquisition.OWNER_DIED, waiter.get());
    assertEquals(Acquisition.CONSISTENT, lock.acquireUninterruptibly());
  }

  @Test
  void ofManyWhoSleepOneLearnsOfTheDeath() throws Exception {
    others.lock();
    List<Background<Acquisition>> waiters = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      waiters.add(
          attachments.asleep(
              () -> {
                Acquisition found = lock.acquireUninterruptibly();
                if (found == Acquisition.OWNER_DIED) {
                  lock.markConsistent();
                }
                lock.unlock();
                return found;
              }));
    }
    attachments.other.close();
    int learnt = 0;
    for (Background<Acquisition> waiter : waiters) {
      learnt += waiter.get() == Acquisition.OWNER_DIED ? 1 : 0;
    }
    assertEquals(1, learnt);
  }

  @Test
  void aLockThatIsReleasedWithoutRepairIsUnusableForAllUntilItIsReset() throws Exception {
    die();
    try (Heap third = attachments.attach()) {
      RobustLock thirds = at(third, attachments.offset);
      assertEquals(Acquisition.OWNER_DIED, lock.acquireUninterruptibly());
      Background<Void> sleeper =
          attachments.asleep(
              () -> {
                thirds.lock();
                return null;
              });
      lock.unlock();
      LockUnusableException awake = assertThrows(LockUnusableException.class, sleeper::get);
      assertTrue(awake.getMessage().contains("without markConsistent"), awake.getMessage());
      assertTrue(awake.getMessage().contains("reset()"), awake.getMessage());
      for (RobustLock each : List.of(lock, thirds)) {
        assertThrows(LockUnusableException.class, each::lock);
        assertThrows(LockUnusableException.class, each::tryLock);
        assertThrows(LockUnusableException.class, each::acquire);
        assertThrows(LockUnusableException.class, () -> each.tryLock(1, TimeUnit.SECONDS));
        assertThrows(LockUnusableException.class, each::unlock);
        assertFalse(each.isLocked());
      }
      assertTrue(thirds.reset());
      assertFalse(lock.reset());
      lock.lock();
      assertFalse(thirds.reset(), "a lock in use is not reset");
      assertTrue(lock.isHeldByCurrentThread());
      lock.unlock();
    }
  }

  @Test
  void theRepairRunsOnceWithTheLockHeldWhateverMethodTakesIt() throws Exception {
    List<Body> takers =
        List.of(
            () -> lock.lock(),
            () -> lock.lockInterruptibly(),
            () -> assertTrue(lock.tryLock()),
            () -> assertTrue(lock.tryLock(1, TimeUnit.SECONDS)));
    for (Body taker : takers) {
      List<Boolean> held = new ArrayList<>();
      lock.onOwnerDied(() -> held.add(lock.isHeldByCurrentThread()));
      try (Heap third = attachments.attach()) {
        at(third, attachments.offset).lock();
      }
      taker.run();
      assertTrue(lock.isHeldByCurrentThread());
      lock.unlock();
      lock.lock();
      lock.unlock();
      assertEquals(List.of(true), held);
    }
  }

  /** What the dead one was changing is in order again when the caller sees what it left. */
  @Test
  void whatTheDeadWasChangingIsRecoveredBeforeAnybodyRepairs() throws Exception {
    List<Object> events = new ArrayList<>();
    heap.onDeath(events::add);
    int first = attachments.other.self().orElseThrow().tag();
    die();
    assertEquals(Acquisition.OWNER_DIED, lock.acquireUninterruptibly());
    assertEquals(List.of(first), events);
    lock.markConsistent();
    lock.unlock();
    lock.onOwnerDied(() -> events.add("repair"));
    List<Body> takers =
        List.of(() -> lock.lock(), () -> lock.tryLock(), () -> lock.tryLock(0, TimeUnit.SECONDS));
    for (Body taker : takers) {
      events.clear();
      int tag;
      try (Heap third = attachments.attach()) {
        tag = third.self().orElseThrow().tag();
        at(third, attachments.offset).lock();
      }
      taker.run();
      lock.unlock();
      assertEquals(List.of(tag, "repair"), events);
    }
  }

  @Test
  void aRecoveryThatThrowsLeavesTheLockToTheNextOne() {
    die();
    RuntimeException fault = new RuntimeException("cannot recover");
    List<Integer> tries = new ArrayList<>();
    heap.onDeath(
        tag -> {
          tries.add(tag);
          if (tries.size() < 3) {
            throw fault;
          }
        });
    assertSame(fault, assertThrows(RuntimeException.class, lock::lock));
    assertSame(fault, assertThrows(RuntimeException.class, lock::acquire));
    assertFalse(lock.isHeldByCurrentThread());
    assertEquals(Acquisition.OWNER_DIED, lock.acquireUninterruptibly());
    assertEquals(3, tries.size());
  }

  @Test
  void aRepairThatThrowsLeavesTheLockFreeAndMarked() throws Exception {
    die();
    RuntimeException fault = new RuntimeException("cannot repair");
    lock.onOwnerDied(
        () -> {
          throw fault;
        });
    assertSame(fault, assertThrows(RuntimeException.class, lock::lock));
    assertSame(fault, assertThrows(RuntimeException.class, lock::tryLock));
    assertFalse(lock.isLocked());
    lock.onOwnerDied(null);
    assertThrows(OwnerDiedException.class, lock::lock);
    assertEquals(Acquisition.OWNER_DIED, lock.acquireUninterruptibly(), "no repair runs here");
    lock.markConsistent();
    lock.unlock();
  }

  @Test
  void whoDiesInTheRepairLeavesItToTheNext() throws Exception {
    die();
    try (Heap third = attachments.attach()) {
      assertEquals(Acquisition.OWNER_DIED, at(third, attachments.offset).acquireUninterruptibly());
    }
    assertEquals(Acquisition.OWNER_DIED, lock.acquireUninterruptibly());
    lock.markConsistent();
    lock.unlock();
    lock.lock();
  }

  @Test
  void aThreadThatEndsWithTheLockKeepsItWhileItsProcessLives() throws Exception {
    Background.inAnotherThread(
        () -> {
          others.lock();
          return null;
        });
    assertFalse(lock.tryLock());
    assertFalse(lock.tryLock(120, TimeUnit.MILLISECONDS));
    assertTrue(lock.isLocked());
  }
}
