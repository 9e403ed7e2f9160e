package dev.rszshm.sync;

import dev.rszshm.heap.Directory;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.place.Places;
import dev.rszshm.sync.internal.CountLayout;
import dev.rszshm.sync.internal.StackReserve;
import dev.rszshm.sync.internal.WaitMode;
import dev.rszshm.sync.internal.WaitPoint;
import dev.rszshm.sync.internal.WaitResult;
import dev.rszshm.sync.internal.Waiting;
import java.time.Duration;
import java.util.Locale;

/*
 * Layout
 * ------
 * CountLayout.
 *
 * Protocol
 * --------
 * make: the first 8 bytes in one step, by compare-and-set from 0. acquire: one permit less, by
 * compare-and-set; none: wait for the event. release: so many more, by compare-and-set; signal.
 *
 * If a process dies here
 * ----------------------
 * Each is one step. Before the signal: those who sleep look when their slice ends. A permit that was
 * acquired is gone with the dead: it has no owner. RobustSemaphore has owners.
 */

/**
 * A counting semaphore for the threads of any number of processes: POSIX's {@code sem_t}, with a
 * limit. Permits have no owner: who acquires and who releases need not be the same.
 *
 * <p><b>Permits of the dead are lost.</b> What a dead process has acquired, and was going to
 * release, stays acquired for good: nobody can tell whose it was, nobody who waits is told, and a
 * release in its place is up to the users. Where each permit has one owner, who gives it back
 * itself, use {@link RobustSemaphore}: its permits come back.
 *
 * <p>With a limit of 1 it is a binary semaphore: a release too many is an error, here as with any
 * limit. Not fair. All methods may be called by any thread; acquiring and releasing have volatile
 * order. Without contention each is one compare-and-set.
 */
public final class SharedSemaphore {
  /** What a {@link Directory} is told that this is. */
  static final long TYPE = 0x5359_4e43_0006L;

  private static final int VERSION = 1;

  /** Bytes; the offset is a multiple of 8. */
  public static final int LENGTH = CountLayout.LENGTH;

  private static final WaitResult<Boolean> TAKEN = WaitResult.done(true);

  private final Heap heap;
  private final long offset;
  private final EventCount released;
  private final int max;

  private SharedSemaphore(Heap heap, long offset, int max) {
    this.heap = heap;
    this.offset = offset;
    this.released = EventCount.at(heap, offset + CountLayout.EVENTS);
    this.max = max;
  }

  /**
   * Makes a semaphore in 16 bytes of zeros, or finds the one that another process has made there
   * with the same limit, however many permits that has now.
   *
   * @param permits how many can be had at first, 0 to max
   * @param max the most there can be, 1 or more: a release beyond it is an error
   * @throws IllegalStateException if there is one with another limit
   */
  public static SharedSemaphore at(Heap heap, long offset, int permits, int max) {
    Places.note(heap, SharedSemaphore.class, offset, LENGTH);
    if (max < 1 || permits < 0 || permits > max) {
      throw new IllegalArgumentException(
          "a semaphore of "
              + permits
              + " permits and at most "
              + max
              + " was asked for: the most is 1 or more, and no less than the permits");
    }
    heap.compareAndSetLong(offset, 0, CountLayout.word(permits, max));
    SharedSemaphore semaphore = at(heap, offset);
    if (semaphore.max != max) {
      throw new IllegalStateException(
          semaphore + " has a limit of " + semaphore.max + ", expected " + max);
    }
    return semaphore;
  }

  /**
   * Finds the semaphore of a name, or makes it; see {@link Directory}. Otherwise as {@link #at}.
   */
  public static SharedSemaphore named(Directory directory, String name, int permits, int max) {
    long place = directory.place(name, TYPE, VERSION, LENGTH);
    return at(directory.heap(), place, permits, max);
  }

  /**
   * Finds the semaphore at an offset, or makes it there, without a limit but 2^31-1. Otherwise as
   * {@link #at(Heap, long, int, int)}.
   */
  public static SharedSemaphore at(Heap heap, long offset, int permits) {
    return at(heap, offset, permits, Integer.MAX_VALUE);
  }

  /**
   * The semaphore that was made at an offset.
   *
   * @throws IllegalStateException if there is none
   */
  public static SharedSemaphore at(Heap heap, long offset) {
    Places.note(heap, SharedSemaphore.class, offset, LENGTH);
    long word = heap.getLongVolatile(offset);
    if (!CountLayout.isMade(word)) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "there is no semaphore at offset %d of %s: found 0x%x. Make it first, by at with its size",
              offset,
              heap.path(),
              word));
    }
    return new SharedSemaphore(heap, offset, CountLayout.max(word));
  }

  /** How many permits can be had now. */
  public int availablePermits() {
    return CountLayout.value(heap.getLongVolatile(offset));
  }

  /** The most permits there can be. */
  public int maxPermits() {
    return max;
  }

  /** Takes a permit if there is one. */
  public boolean tryAcquire() {
    while (true) {
      long word = heap.getLongVolatile(offset);
      if (CountLayout.value(word) == 0) {
        return false;
      }
      if (heap.compareAndSetLong(offset, word, word - 1)) {
        return true;
      }
    }
  }

  /** Takes a permit as soon as there is one. An interrupt is noticed within 50 ms. */
  public void acquire() throws InterruptedException {
    acquire(WaitMode.INTERRUPTIBLE).orThrow(this);
  }

  /** Takes a permit as soon as there is one; an interrupt is only noted. */
  public void acquireUninterruptibly() {
    acquire(WaitMode.UNINTERRUPTIBLE);
  }

  /**
   * Takes a permit if there is one in time, on the monotonic clock.
   *
   * @return whether it did
   */
  public boolean tryAcquire(Duration time) throws InterruptedException {
    return acquire(WaitMode.within(heap, time)).orThrow(this).isDone();
  }

  /** Waits for a permit. If it throws, it has none. */
  private WaitResult<Boolean> acquire(WaitMode mode) {
    if (mode.isInterrupted()) {
      return WaitResult.interrupted();
    }
    if (tryAcquire()) {
      return TAKEN;
    }
    StackReserve.require();
    boolean[] taken = {false};
    try {
      return Waiting.await(
          WaitPoint.of(released),
          null,
          ask -> {
            taken[0] = tryAcquire();
            return taken[0] ? true : null;
          },
          mode);
    } catch (Throwable e) {
      if (taken[0]) {
        releaseAfter(e);
      }
      throw e;
    }
  }

  private void releaseAfter(Throwable cause) {
    try {
      release();
    } catch (RuntimeException alsoClosed) {
      cause.addSuppressed(alsoClosed);
    }
  }

  /** Takes all permits there are; returns how many. */
  public int drainPermits() {
    while (true) {
      long word = heap.getLongVolatile(offset);
      int permits = CountLayout.value(word);
      if (permits == 0 || heap.compareAndSetLong(offset, word, word - permits)) {
        return permits;
      }
    }
  }

  /** Adds a permit, and wakes one thread that waits for it. As {@link #release(int)}. */
  public void release() {
    add(1);
    released.signalOne();
  }

  /**
   * Adds permits, and wakes those who wait for them.
   *
   * @throws IllegalStateException if there would be more than {@link #maxPermits}; nothing happens
   */
  public void release(int permits) {
    if (permits < 0) {
      throw new IllegalArgumentException(
          permits + " permits cannot be released: name a number from 0 up");
    }
    add(permits);
    if (permits == 1) {
      released.signalOne();
    } else {
      released.signalAll();
    }
  }

  private void add(int permits) {
    while (true) {
      long word = heap.getLongVolatile(offset);
      if (permits > max - CountLayout.value(word)) {
        throw new IllegalStateException(
            permits
                + " released too many: "
                + this
                + " has "
                + CountLayout.value(word)
                + " of at most "
                + max);
      }
      if (heap.compareAndSetLong(offset, word, word + permits)) {
        return;
      }
    }
  }

  @Override
  public String toString() {
    return "the semaphore at offset " + offset + " of " + heap.path();
  }
}
