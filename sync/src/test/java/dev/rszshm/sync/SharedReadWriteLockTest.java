package dev.rszshm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.Attachments.Background;
import dev.rszshm.sync.errors.LockUnusableException;
import dev.rszshm.sync.errors.OwnerDiedException;
import dev.rszshm.sync.internal.ReadWriteLockLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Readers, with writers beside them; what a writer alone does is in {@link WriteLockTest}. */
@Timeout(300)
class SharedReadWriteLockTest {
  private static final int ROUNDS = 2000;

  private Attachments attachments;
  private SharedReadWriteLock lock;
  private SharedReadWriteLock others;

  @BeforeEach
  void attach() {
    attachments = new Attachments();
    lock = SharedReadWriteLock.at(attachments.heap, attachments.offset);
    others = SharedReadWriteLock.at(attachments.other, attachments.offset);
  }

  @AfterEach
  void close() {
    attachments.close();
  }

  @Test
  void readersShareAndKeepWritersOut() throws Exception {
    lock.readLock().lock();
    assertTrue(lock.readLock().tryLock());
    assertTrue(others.readLock().tryLock(1, TimeUnit.DAYS));
    others.readLock().lockInterruptibly();
    assertEquals(4, lock.readerCount());
    assertFalse(others.writeLock().tryLock());
    assertFalse(others.writeLock().tryLock(1, TimeUnit.MILLISECONDS));
    assertFalse(lock.writeLock().isLocked(), "who gave up does not keep readers out");
    for (int left = 3; left >= 0; left--) {
      (left % 2 == 0 ? lock : others).readLock().unlock();
      assertEquals(left, others.readerCount());
    }
    assertTrue(others.writeLock().tryLock());
    assertFalse(lock.readLock().tryLock());
    assertFalse(lock.readLock().tryLock(1, TimeUnit.MILLISECONDS));
    assertEquals(0, lock.readerCount());
  }

  @Test
  void aLimitOfTimeMayBeADuration() throws Exception {
    assertTrue(lock.readLock().tryLock(Duration.ofDays(1)));
    assertFalse(others.writeLock().tryLock(Duration.ofMillis(1)));
    assertFalse(others.writeLock().tryLock(Duration.ZERO));
    lock.readLock().unlock();
    assertTrue(others.writeLock().tryLock(Duration.ofSeconds(Long.MAX_VALUE)));
    assertFalse(lock.readLock().tryLock(Duration.ofMillis(1)));
    assertFalse(lock.readLock().tryLock(Duration.ofSeconds(-1)));
    others.writeLock().unlock();
    assertFalse(lock.writeLock().isLocked());
  }

  @Test
  void theLastReaderWakesTheWriterAndTheWriterWakesTheReaders() throws Exception {
    lock.readLock().lock();
    others.readLock().lock();
    Background<Void> writer = attachments.asleep(() -> lockAndRelease(lock.writeLock()));
    assertFalse(others.readLock().tryLock(), "a writer that waits comes first");
    Background<Void> reader = attachments.asleep(() -> lockAndRelease(others.readLock()));
    others.readLock().unlock();
    assertFalse(writer.isDone());
    lock.readLock().unlock();
    writer.get();
    reader.get();
    assertEquals(0, lock.readerCount());
  }

  /** So a writer looks at two words, however many participants there can be. */
  @Test
  void writersLookAtThoseSlotsThatHaveEverRead() throws Exception {
    long slots = attachments.offset + ReadWriteLockLayout.SLOTS;
    lock.writeLock().lock();
    lock.writeLock().unlock();
    assertEquals(0, attachments.heap.getInt(slots), "nobody has read");
    others.readLock().lock();
    assertEquals(2, attachments.heap.getInt(slots));
    lock.readLock().lock();
    assertEquals(2, attachments.heap.getInt(slots));
    assertFalse(lock.writeLock().tryLock());
    lock.readLock().unlock();
    others.readLock().unlock();
    assertTrue(lock.writeLock().tryLock());
  }

  private static Void lockAndRelease(Lock lock) {
    lock.lock();
    lock.unlock();
    return null;
  }

  @Test
  void readersSeeWhatWritersWroteTogether() throws Exception {
    long pair = attachments.offset + 8192;
    List<Background<Void>> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      SharedReadWriteLock mine = i % 2 == 0 ? lock : others;
      Heap in = i % 2 == 0 ? attachments.heap : attachments.other;
      boolean writes = i < 2;
      threads.add(
          Background.start(
              () -> {
                for (int round = 0; round < ROUNDS; round++) {
                  (writes ? mine.writeLock() : mine.readLock()).lock();
                  long first = in.getLong(pair);
                  assertEquals(first, in.getLong(pair + 8));
                  if (writes) {
                    in.putLong(pair, first + 1);
                    in.putLong(pair + 8, first + 1);
                  }
                  (writes ? mine.writeLock() : mine.readLock()).unlock();
                }
                return null;
              }));
    }
    for (Background<Void> thread : threads) {
      thread.get();
    }
    assertEquals(2 * ROUNDS, attachments.heap.getLong(pair));
    assertEquals(0, lock.readerCount());
  }

  @Test
  void whoDoesNotReadCannotStop() {
    IllegalMonitorStateException thrown =
        assertThrows(IllegalMonitorStateException.class, lock.readLock()::unlock);
    assertTrue(thrown.getMessage().contains("does not read"), thrown.getMessage());
    others.readLock().lock();
    assertThrows(IllegalMonitorStateException.class, lock.readLock()::unlock);
    assertEquals(1, lock.readerCount());
    others.readLock().unlock();
  }

  @Test
  void interruptsOfReadersAreNoticed() throws Exception {
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, lock.readLock()::lockInterruptibly);
    assertEquals(0, lock.readerCount());
    others.writeLock().lock();
    Background<Void> reader =
        attachments.asleep(
            () -> {
              lock.readLock().lockInterruptibly();
              return null;
            });
    reader.thread().interrupt();
    assertThrows(InterruptedException.class, reader::get);
    Background<Boolean> patient =
        attachments.asleep(
            () -> {
              lockAndRelease(lock.readLock());
              return Thread.currentThread().isInterrupted();
            });
    patient.thread().interrupt();
    others.writeLock().unlock();
    assertTrue(patient.get());
    assertEquals(0, lock.readerCount());
  }

  @Test
  void theReadersOfTheDeadDoNotCount() throws Exception {
    others.readLock().lock();
    others.readLock().lock();
    Background<Void> writer = attachments.asleep(() -> lockAndRelease(lock.writeLock()));
    attachments.other.close();
    writer.get();
    assertEquals(0, lock.readerCount());
    try (Heap third = attachments.attach()) {
      SharedReadWriteLock thirds = SharedReadWriteLock.at(third, attachments.offset);
      thirds.readLock().lock();
      assertEquals(1, lock.readerCount(), "whoever has the slot of the dead begins from zero");
    }
    assertTrue(lock.writeLock().tryLock(), "what they left is found without waiting");
  }

  @Test
  void aReaderLearnsThatAWriterDied() throws Exception {
    others.writeLock().lock();
    Background<Void> sleeper = attachments.asleep(() -> lockAndRelease(lock.readLock()));
    attachments.other.close();
    assertThrows(OwnerDiedException.class, sleeper::get);
    assertThrows(OwnerDiedException.class, lock.readLock()::lock);
    assertThrows(OwnerDiedException.class, lock.readLock()::tryLock);
    assertThrows(OwnerDiedException.class, () -> lock.readLock().tryLock(1, TimeUnit.SECONDS));
    assertEquals(0, lock.readerCount());
    assertEquals(Acquisition.OWNER_DIED, lock.writeLock().acquireUninterruptibly());
    lock.writeLock().unlock();
    assertThrows(LockUnusableException.class, lock.readLock()::lock);
    assertThrows(LockUnusableException.class, lock.readLock()::tryLock);
    assertTrue(lock.writeLock().reset());
    assertTrue(lock.readLock().tryLock());
  }

  @Test
  void aReaderRepairsWhatADeadWriterLeft() throws Exception {
    List<Boolean> repairs = new ArrayList<>();
    lock.writeLock().onOwnerDied(() -> repairs.add(lock.writeLock().isHeldByCurrentThread()));
    others.writeLock().lock();
    attachments.other.close();
    assertTrue(lock.readLock().tryLock());
    lock.readLock().lock();
    assertEquals(List.of(true), repairs);
    assertEquals(2, lock.readerCount());
    assertFalse(lock.writeLock().isLocked());
  }

  @Test
  void readersThatWaitDoNotKeepEachOtherAwake() throws Exception {
    lock.writeLock().lock();
    Background<Void> one = attachments.asleep(() -> lockAndRelease(others.readLock()));
    Background<Void> another = attachments.asleep(() -> lockAndRelease(others.readLock()));
    int before = attachments.sleeps();
    while (attachments.sleeps() < before + 2) { // their next sleeps are long
      Thread.onSpinWait();
    }
    assertEquals(0, attachments.wakes());
    lock.writeLock().unlock();
    one.get();
    another.get();
  }

  @Test
  void aWriterThatWouldWaitForItselfIsTold() {
    lock.writeLock().lock();
    for (Body read :
        List.<Body>of(
            lock.readLock()::lock,
            lock.readLock()::lockInterruptibly,
            () -> lock.readLock().tryLock(1, TimeUnit.DAYS))) {
      IllegalMonitorStateException thrown =
          assertThrows(IllegalMonitorStateException.class, read::run);
      assertTrue(thrown.getMessage().contains("already holds"), thrown.getMessage());
    }
    assertFalse(lock.readLock().tryLock());
    assertEquals(0, lock.readerCount());
  }

  private interface Body {
    void run() throws Exception;
  }

  @Test
  void onlyAWriterHasConditions() {
    UnsupportedOperationException thrown =
        assertThrows(UnsupportedOperationException.class, lock.readLock()::newCondition);
    assertTrue(thrown.getMessage().contains("a write lock has"), thrown.getMessage());
  }

  @Test
  void theLockOfAClosedHeapThrows() throws Exception {
    lock.writeLock().lock();
    Background<Void> reader = attachments.asleep(() -> lockAndRelease(others.readLock()));
    attachments.other.close();
    assertThrows(IllegalStateException.class, reader::get);
    assertThrows(IllegalStateException.class, others.readLock()::tryLock);
    assertThrows(IllegalStateException.class, others.readLock()::unlock);
    assertThrows(IllegalStateException.class, others::readerCount);
  }
}
