package dev.rszshm.sync;

import dev.rszshm.heap.Directory;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.place.Places;
import dev.rszshm.sync.errors.OwnerDiedException;
import dev.rszshm.sync.internal.DeathWatch;
import dev.rszshm.sync.internal.ParticipantCounts;
import dev.rszshm.sync.internal.ReadWriteLockLayout;
import dev.rszshm.sync.internal.StackReserve;
import dev.rszshm.sync.internal.WaitMode;
import dev.rszshm.sync.internal.WaitPoint;
import dev.rszshm.sync.internal.WaitResult;
import dev.rszshm.sync.internal.Waiting;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;

/*
 * Layout
 * ------
 * ReadWriteLockLayout.
 *
 * Protocol
 * --------
 * read, as soon as the writer's word is free and not orphaned: 1 count oneself as a reader; 2 look at the
 * word again: still so: done; 3 otherwise count oneself out, signal, and sleep until it is; on at 1.
 * end of reading: 4 count oneself out; signal.
 * write: 5 acquire the writer's word; from now on no reader passes 2; 6 wait until nobody who lives reads.
 * end of writing: 7 release the word; signal.
 * 1 and 5 are atomic and come before 2 and 6: of a reader and a writer who come at once, one sees the other.
 *
 * If a process dies here
 * ----------------------
 * 1-4: its readers count no more, which a writer that waits finds when it asks (DeathWatch). 5-7: the word is
 * held by the dead: the next writer gets it as an orphan, and so does a reader, who repairs or throws.
 * A writer that dies at 6 has changed nothing, but nobody can tell.
 */

/**
 * A lock that any number of readers hold together, or one writer alone; of any number of processes.
 * It survives them all: the readers of a dead process count no more, and a dead writer is dealt
 * with as in a {@link RobustLock}, by readers too: their methods throw {@link OwnerDiedException}
 * until a writer has repaired, or run the repair of {@link WriteLock#onOwnerDied} themselves.
 *
 * <p>A writer that waits keeps new readers out. Not re-entrant: a thread that reads and asks to
 * read again can wait for ever when a writer came in between, and so does one that reads and asks
 * to write. The write lock knows its thread, the read lock its process only.
 */
public final class SharedReadWriteLock implements ReadWriteLock {
  /** What a {@link Directory} is told that this is. */
  static final long TYPE = 0x5359_4e43_0004L;

  private static final int VERSION = 1;

  private final Heap heap;
  private final EventCount events;
  private final ParticipantCounts readers;
  private final DeathWatch deathsOfReaders;
  private final DeathWatch deathsOfWriters;
  private final ReadLock readLock = new ReadLock();
  private final WriteLock writeLock;

  private SharedReadWriteLock(Heap heap, long offset) {
    this.heap = heap;
    this.events = EventCount.at(heap, offset + ReadWriteLockLayout.EVENTS);
    this.readers =
        ParticipantCounts.bounded(
            heap, offset + ReadWriteLockLayout.READERS, offset + ReadWriteLockLayout.SLOTS);
    this.deathsOfReaders = new DeathWatch(heap);
    this.deathsOfWriters = new DeathWatch(heap);
    this.writeLock = new WriteLock(heap, offset);
  }

  /** Bytes of such a lock: they depend on how many participants the heap can have. */
  public static long length(Heap heap) {
    return ReadWriteLockLayout.READERS + ParticipantCounts.length(heap);
  }

  /**
   * The lock at an offset, a multiple of 8. Zeros are a new one.
   *
   * @throws IllegalStateException if the heap is a plain file, which keeps no participants
   * @throws dev.rszshm.heap.errors.ReadOnlyHeapException if it is attached for reading only
   */
  public static SharedReadWriteLock at(Heap heap, long offset) {
    Places.note(heap, SharedReadWriteLock.class, offset, length(heap));
    return new SharedReadWriteLock(heap, offset);
  }

  /**
   * Finds the read-write lock of a name, or makes it; see {@link Directory}. Otherwise as {@link
   * #at}.
   */
  public static SharedReadWriteLock named(Directory directory, String name) {
    long place = directory.place(name, TYPE, VERSION, length(directory.heap()));
    return at(directory.heap(), place);
  }

  @Override
  public ReadLock readLock() {
    return readLock;
  }

  @Override
  public WriteLock writeLock() {
    return writeLock;
  }

  /** How many readers there are, those of the dead not counted. */
  public long readerCount() {
    return readers.sumOfLiving();
  }

  /** The lock of the writer. */
  public final class WriteLock extends RobustLock {
    private WriteLock(Heap heap, long offset) {
      super(heap, offset, "read-write lock");
    }

    @Override
    long holderWord() {
      return word.heldByThisThread();
    }

    /** Looks for readers first: on a stack with room for that, it can look again behind 5. */
    @Override
    boolean takeFree(long holder) {
      if (!readers.isZero() || !word.acquireFree(holder)) {
        return false;
      }
      boolean alone = false;
      try {
        alone = readers.isZero();
      } catch (Throwable e) {
        giveBackAfter(e, false);
        throw e;
      }
      if (!alone) {
        giveBack();
      }
      return alone;
    }

    @Override
    WaitResult.End enter(WaitMode mode) {
      if (readers.isZero()) {
        return WaitResult.End.DONE;
      }
      WaitResult<Boolean> result =
          Waiting.await(
              WaitPoint.of(events),
              deathsOfReaders,
              ask -> readers.isZero() || (ask && !readers.isAnyOfLiving()) ? true : null,
              mode);
      if (!result.isDone()) {
        giveBack();
      }
      return result.end();
    }

    @Override
    void afterRelease() {
      events.signalAll();
    }
  }

  /** What a reader has found. */
  private enum Look {
    READS,
    WRITER_DIED
  }

  private static final WaitResult<Look> READS = WaitResult.done(Look.READS);

  /** The lock of the readers. */
  public final class ReadLock implements Lock {

    /**
     * Reads as soon as no writer has the lock or waits for it.
     *
     * @throws OwnerDiedException if a writer died with it, and there is no repair
     * @throws dev.rszshm.sync.errors.LockUnusableException if it was released without repair
     * @throws IllegalMonitorStateException if this thread writes, and would wait for itself
     */
    @Override
    public void lock() {
      lock(WaitMode.UNINTERRUPTIBLE);
    }

    /** As {@link #lock()}, unless the thread is interrupted, which is noticed within 50 ms. */
    @Override
    public void lockInterruptibly() throws InterruptedException {
      lock(WaitMode.INTERRUPTIBLE).orThrow(writeLock);
    }

    /** Reads if no writer has the lock or waits for it; does not wait. */
    @Override
    public boolean tryLock() {
      return lock(WaitMode.NOW).isDone();
    }

    /** As {@link #lockInterruptibly()}, for a limited time. */
    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
      return lock(WaitMode.within(heap, time, unit)).orThrow(writeLock).isDone();
    }

    /**
     * As {@link #lockInterruptibly()}, for a limited time.
     *
     * @param timeout zero or less: only looks
     * @return whether it is held now
     */
    public boolean tryLock(Duration timeout) throws InterruptedException {
      return lock(WaitMode.within(heap, timeout)).orThrow(writeLock).isDone();
    }

    private WaitResult<Look> lock(WaitMode mode) {
      if (mode.isInterrupted()) {
        return WaitResult.interrupted();
      }
      if (tryRead()) {
        return READS;
      }
      if (writeLock.isHeldByCurrentThread()) {
        writeLock.reenter(mode);
        return WaitResult.timedOut();
      }
      StackReserve.require();
      while (true) {
        WaitResult<Look> result = waitToRead(mode);
        if (result.orElse(Look.READS) == Look.READS) {
          return result;
        }
        WaitResult<Acquisition> written = writeLock.repair(mode);
        if (!written.isDone()) {
          return WaitResult.withoutValue(written.end());
        }
        try {
          writeLock.unlock();
        } catch (Throwable e) {
          writeLock.giveBackAfter(e, true);
          throw e;
        }
      }
    }

    /** Waits until it reads, or a writer has died. If it throws, it does not read. */
    private WaitResult<Look> waitToRead(WaitMode mode) {
      boolean[] reads = {false};
      try {
        return Waiting.await(
            WaitPoint.of(events),
            deathsOfWriters,
            asksForTheDead -> {
              reads[0] = tryRead();
              if (reads[0]) {
                return Look.READS;
              }
              return writeLock.word.isOrphaned(asksForTheDead) ? Look.WRITER_DIED : null;
            },
            mode);
      } catch (Throwable thrown) {
        if (reads[0]) {
          unlockAfter(thrown);
        }
        throw thrown;
      }
    }

    private boolean tryRead() {
      // Who counts itself in and out wakes all who wait, who would do the same.
      if (!writeLock.word.isFree()) {
        return false;
      }
      readers.increment();
      boolean reads = false;
      try {
        reads = writeLock.word.isFree();
      } catch (Throwable thrown) {
        unlockAfter(thrown);
        throw thrown;
      }
      if (!reads) {
        leave();
      }
      return reads;
    }

    /** Ends reading because of something that is to be thrown on. */
    private void unlockAfter(Throwable thrown) {
      try {
        leave();
      } catch (RuntimeException also) {
        thrown.addSuppressed(also);
      }
    }

    /** Ends reading, of which the caller is not told: if that fails, it is tried once more. */
    private void leave() {
      boolean left = false;
      try {
        left = readers.decrement();
        events.signalAll();
      } catch (Throwable thrown) {
        if (left || readers.decrement()) {
          events.signalAll();
        }
        throw thrown;
      }
    }

    /**
     * Ends reading.
     *
     * @throws IllegalMonitorStateException if no thread of this process reads
     */
    @Override
    public void unlock() {
      if (!readers.decrement()) {
        throw new IllegalMonitorStateException("this process does not read under " + writeLock);
      }
      events.signalAll();
    }

    /**
     * Not to be had: readers change nothing that others could wait for.
     *
     * @throws UnsupportedOperationException always
     */
    @Override
    public Condition newCondition() {
      throw new UnsupportedOperationException("a read lock has no conditions; a write lock has");
    }
  }
}
