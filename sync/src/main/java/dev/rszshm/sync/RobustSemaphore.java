package dev.rszshm.sync;

import dev.rszshm.heap.Directory;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.place.Places;
import dev.rszshm.sync.internal.DeathWatch;
import dev.rszshm.sync.internal.Liveness;
import dev.rszshm.sync.internal.RobustSemaphoreLayout;
import dev.rszshm.sync.internal.StackReserve;
import dev.rszshm.sync.internal.Takeover;
import dev.rszshm.sync.internal.WaitMode;
import dev.rszshm.sync.internal.WaitPoint;
import dev.rszshm.sync.internal.WaitResult;
import dev.rszshm.sync.internal.Waiting;
import java.time.Duration;

/*
 * Layout
 * ------
 * RobustSemaphoreLayout.
 *
 * Protocol
 * --------
 * acquire: a permit from 0 to the own tag, by compare-and-set; if there is none, wait for the event, and
 * whenever it is time (DeathWatch), look for one whose holder is dead: let everything recover what that
 * was changing (Heap.recoverDead), and then from its tag to the own one.
 * release: one with the own tag to 0; signal.
 * A look for the dead asks about each holder once, and while waiting for 5 ms at most; the next one begins
 * where it has stopped.
 *
 * If a process dies here
 * ----------------------
 * Each is one step. What it holds is found by the next one who misses a permit. Recovered in part: the next
 * one does it again, before it takes the permit.
 */

/**
 * A fixed number of permits for the threads of any number of processes, each of which has an owner:
 * when a process dies or detaches, the others get its permits, at most 100 ms later if anybody
 * waits (with thousands of holders, as soon as all have been asked about). For resources of which
 * there are so many, such as connections or slots in a table. What a dead holder was changing in
 * the allocator is recovered before its permit is taken; who takes it is not told.
 *
 * <p>Only a process that has a permit can release one. Not fair. All methods may be called by any
 * thread; acquiring and releasing have volatile order. Looking for a permit takes time in
 * proportion to their number when most are taken.
 */
public final class RobustSemaphore {
  /** What a {@link Directory} is told that this is. */
  static final long TYPE = 0x5359_4e43_0007L;

  private static final int VERSION = 1;

  /** The most permits one can have. */
  public static final int MAX_PERMITS = RobustSemaphoreLayout.MAX_PERMITS;

  /** A look for the dead while waiting takes no longer, when it has asked about some. */
  private static final long LOOK_NANOS = 5_000_000;

  private static final int ASK_AT_LEAST = 16;

  /** Between two parts of such a look. */
  private static final long INTERVAL_NANOS = 50_000_000;

  private static final WaitResult<Boolean> TAKEN = WaitResult.done(true);

  private final Heap heap;
  private final long offset;
  private final EventCount released;
  private final int permits;
  private final int tag;
  private final DeathWatch deaths;

  /** Guesses, which threads may write at once: where to look first. */
  private int hint;

  private int unasked;

  private volatile boolean isLookUnfinished;

  private RobustSemaphore(Heap heap, long offset, int permits) {
    this.heap = heap;
    this.offset = offset;
    this.released = EventCount.at(heap, offset + RobustSemaphoreLayout.EVENTS);
    this.permits = permits;
    this.tag = Holder.tagOf(heap);
    this.deaths = new DeathWatch(heap);
    heap.region(offset, length(permits));
  }

  /** Bytes of one with so many permits. */
  public static long length(int permits) {
    if (permits < 1 || permits > MAX_PERMITS) {
      throw new IllegalArgumentException(
          "a robust semaphore has 1 to " + MAX_PERMITS + " permits, found " + permits);
    }
    return RobustSemaphoreLayout.holder(permits);
  }

  /**
   * Makes a semaphore in bytes of zeros, or finds the one that another process has made there with
   * as many permits.
   *
   * @param offset a multiple of 8
   * @throws IllegalStateException if there is one with another number of permits
   */
  public static RobustSemaphore at(Heap heap, long offset, int permits) {
    Places.note(heap, RobustSemaphore.class, offset, length(permits));
    Holder.self(heap);
    heap.region(offset, length(permits));
    heap.compareAndSetLong(offset, 0, permits);
    RobustSemaphore semaphore = at(heap, offset);
    if (semaphore.permits != permits) {
      throw new IllegalStateException(
          semaphore + " has " + semaphore.permits + " permits, expected " + permits);
    }
    return semaphore;
  }

  /**
   * Finds the semaphore of a name, or makes it; see {@link Directory}. Otherwise as {@link #at}.
   */
  public static RobustSemaphore named(Directory directory, String name, int permits) {
    long place = directory.place(name, TYPE, VERSION, length(permits));
    return at(directory.heap(), place, permits);
  }

  /**
   * The semaphore that was made at an offset.
   *
   * @throws IllegalStateException if there is none
   */
  public static RobustSemaphore at(Heap heap, long offset) {
    long permits = heap.getLongVolatile(offset);
    if (permits < 1 || permits > MAX_PERMITS) {
      throw new IllegalStateException(
          "there is no robust semaphore at offset "
              + offset
              + " of "
              + heap.path()
              + ": it says "
              + permits
              + " permits. Make it first, by at with its size");
    }
    return new RobustSemaphore(heap, offset, (int) permits);
  }

  private long holder(int permit) {
    return offset + RobustSemaphoreLayout.holder(permit);
  }

  /** How many permits can be had now, those of the dead included. */
  public int availablePermits() {
    int available = 0;
    Liveness living = new Liveness(heap, tag);
    for (int i = 0; i < permits; i++) {
      int found = heap.getIntVolatile(holder(i));
      available += found == 0 || !living.isAlive(found) ? 1 : 0;
    }
    return available;
  }

  /** How many permits this process has. */
  public int heldPermits() {
    int held = 0;
    for (int i = 0; tag != Holder.READER && i < permits; i++) {
      held += heap.getIntVolatile(holder(i)) == tag ? 1 : 0;
    }
    return held;
  }

  /** How many permits there are. */
  public int permits() {
    return permits;
  }

  /** Takes a permit if there is one, or one of the dead, which is asked for. */
  public boolean tryAcquire() {
    return takeFree() || takeFromTheDead(Long.MAX_VALUE);
  }

  private boolean takeFree() {
    int start = hint;
    for (int i = 0; i < permits; i++) {
      int permit = start + i < permits ? start + i : start + i - permits;
      if (heap.getIntVolatile(holder(permit)) == 0
          && heap.compareAndSetInt(holder(permit), 0, tag)) {
        hint = permit;
        return true;
      }
    }
    return false;
  }

  private boolean takeFromTheDead(long nanos) {
    Liveness living = new Liveness(heap, tag);
    long start = heap.nanoTime();
    int first = unasked;
    for (int i = 0; i < permits; i++) {
      int permit = first + i < permits ? first + i : first + i - permits;
      int found = heap.getIntVolatile(holder(permit));
      int asked = living.asked();
      if (found == 0 || !living.isAlive(found)) {
        Takeover death = null;
        if (found != 0) {
          heap.recoverDead(found);
          death = Takeover.begin(heap, holder(permit), found);
        }
        if (heap.compareAndSetInt(holder(permit), found, tag)) {
          if (death != null) {
            death.report();
          }
          return true;
        }
      }
      if (living.asked() > asked && asked >= ASK_AT_LEAST && heap.nanoTime() - start >= nanos) {
        unasked = permit;
        isLookUnfinished = true;
        return false;
      }
    }
    isLookUnfinished = false;
    return false;
  }

  /** Goes on soon with a look for the dead that was not finished: nothing else would wake it. */
  private WaitPoint released() {
    return WaitPoint.of(
        released, nanos -> isLookUnfinished ? Math.min(nanos, INTERVAL_NANOS) : nanos);
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

  private WaitResult<Boolean> acquire(WaitMode mode) {
    if (mode.isInterrupted()) {
      return WaitResult.interrupted();
    }
    if (takeFree()) {
      return TAKEN;
    }
    StackReserve.require();
    boolean[] taken = {false};
    try {
      return Waiting.await(
          released(),
          deaths,
          ask -> {
            taken[0] = takeFree() || (ask && takeFromTheDead(LOOK_NANOS));
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

  /**
   * Gives a permit back, and wakes one who waits for it.
   *
   * @throws IllegalMonitorStateException if this process has none
   */
  public void release() {
    int start = hint;
    for (int i = 0; i < permits; i++) {
      int permit = start - i >= 0 ? start - i : start - i + permits;
      if (heap.getIntVolatile(holder(permit)) == tag
          && heap.compareAndSetInt(holder(permit), tag, 0)) {
        released.signalOne();
        return;
      }
    }
    throw new IllegalMonitorStateException("this process has no permit of " + this);
  }

  @Override
  public String toString() {
    return "the robust semaphore at offset " + offset + " of " + heap.path();
  }
}
