package dev.rszshm.sync;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.errors.OwnerDiedException;
import dev.rszshm.sync.internal.LockWord;
import dev.rszshm.sync.internal.StackReserve;
import dev.rszshm.sync.internal.WaitMode;
import dev.rszshm.sync.internal.WaitResult;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * A lock in shared memory, for the threads of any number of processes, which survives its holders.
 *
 * <p>When a process dies with the lock, the next one gets it, at most 100 ms later, and learns that
 * what the lock protects may be half changed. What is registered with {@link Heap#onDeath} has put
 * in order by then what the dead one was changing: the allocator has, so that each slot says where
 * its block is. There are two ways to deal with what the lock itself protects:
 *
 * <ul>
 *   <li>Say once how to repair it: {@code mutex.onOwnerDied(this::repair)}. Whoever then gets the
 *       lock from a dead one, by whatever method, repairs first and goes on as if nothing had been.
 *   <li>Take it with {@link #acquire}, which says how it found it; repair, and {@link
 *       #markConsistent}. Releasing without that makes the lock unusable, for all, with an
 *       exception that says so, until somebody calls {@link #reset}.
 * </ul>
 *
 * <p>The methods of {@link Lock} without a repair do not take a lock from the dead: they leave it
 * free and marked, and throw {@link OwnerDiedException}; nobody waits for a lock in that state.
 *
 * <p>A correct repair needs no luck: (1) write down the order in which a change stores its words,
 * so that each prefix of them can be told from what is stored: a count that is raised last, a note
 * of what is about to be done, which is cleared at the end; (2) let the repair look at that and
 * either finish or undo the change; (3) let it bear to be begun again, because it may die too: the
 * next one repairs then; (4) let it trust slots of the allocator only through the allocator, never
 * copies of offsets that the dead one may have stored before it was done; (5) open the allocator in
 * a process before it takes the lock, so that its recovery is registered. To find out that a change
 * was not begun is a repair too. Try it with a death at each store.
 *
 * <p>A process that detaches while it holds a lock is dead to it; one that is stopped is not. Not
 * fair, except a {@link FairMutex}: who comes at the right moment is faster than those who sleep.
 * Getting and releasing have volatile order: what was written before a release is seen by the next
 * holder. All methods may be called by any thread. They throw {@link IllegalStateException} if the
 * heap is closed.
 *
 * <p>Without contention, taking and releasing are one compare-and-set each. A waiter sleeps on a
 * futex; it notices an interrupt within 50 ms, if the method is to.
 */
public abstract sealed class RobustLock implements Lock
    permits Mutex, FastMutex, FairMutex, Monitor, SharedReadWriteLock.WriteLock {
  private static final long SLICE_NANOS = 50_000_000;

  /** The usual result, made once. */
  static final WaitResult<Acquisition> CONSISTENT = WaitResult.done(Acquisition.CONSISTENT);

  final Heap heap;
  final LockWord word;
  private volatile @Nullable Runnable repair;

  RobustLock(Heap heap, long offset, String kind) {
    this.heap = heap;
    this.word = new LockWord(heap, offset, kind);
  }

  /** What the word says when the current thread holds the lock. */
  abstract long holderWord();

  /**
   * Returns whether the current thread is known to hold the lock. If it asks for it, {@link
   * #reenter} says what happens.
   */
  boolean isReentry(long holder) {
    return word.isHeldBy(holder);
  }

  /** Takes the lock once more, if the current thread holds it. */
  WaitResult<Acquisition> reenter(WaitMode mode) {
    if (mode.waits()) {
      throw new IllegalMonitorStateException(
          "this thread already holds " + word + ", and would wait for itself for ever");
    }
    return WaitResult.timedOut();
  }

  /**
   * Takes the lock if it is free and nobody else is to be considered. That is its last step: what
   * is thrown here leaves the lock as it was.
   */
  boolean takeFree(long holder) {
    return word.acquireFree(holder);
  }

  /** Takes the word of the lock, and waits for it if it is to. */
  WaitResult<Acquisition> take(long holder, WaitMode mode) {
    return word.acquire(holder, mode);
  }

  /**
   * Does what else belongs to getting the lock, when {@link #take} has taken its word.
   *
   * @return whether it is done; if not, the word has been given back. If it throws, the caller
   *     gives the word back
   */
  WaitResult.End enter(WaitMode mode) {
    return WaitResult.End.DONE;
  }

  /** Whether a release is the last one, which gives the lock up. */
  boolean isLastRelease() {
    return true;
  }

  /** Does what else belongs to giving the lock up, when its word is free. */
  void afterRelease() {}

  /**
   * Says how to repair what the lock protects when its holder died. The repair runs in the thread
   * that gets the lock, which holds it; if it throws, the lock is free and marked again, and the
   * exception goes on. A handle has one repair, and other handles have their own; null for none.
   */
  public final void onOwnerDied(@Nullable Runnable repair) {
    this.repair = repair;
  }

  /**
   * Acquires the lock as soon as it can be had, and returns how it was found; never {@link
   * Acquisition#NOT_ACQUIRED}. No repair runs.
   *
   * @throws InterruptedException if the current thread is interrupted before or while it waits
   * @throws dev.rszshm.sync.errors.LockUnusableException if it was released without repair
   * @throws IllegalMonitorStateException if this thread has it already and it is not re-entrant
   */
  public final Acquisition acquire() throws InterruptedException {
    return acquire(WaitMode.INTERRUPTIBLE);
  }

  /** Acquires the lock as {@link #acquire()} does; an interrupt does not end the wait. */
  public final Acquisition acquireUninterruptibly() {
    long holder = holderWord();
    return takeFree(holder)
        ? Acquisition.CONSISTENT
        : acquireTaken(holder, WaitMode.UNINTERRUPTIBLE).value();
  }

  /**
   * Acquires the lock if it is free or its holder is dead, and returns how it was found; does not
   * wait. No repair runs.
   *
   * @return {@link Acquisition#NOT_ACQUIRED} if somebody who lives holds it
   */
  public final Acquisition tryAcquire() {
    long holder = holderWord();
    return takeFree(holder)
        ? Acquisition.CONSISTENT
        : acquireTaken(holder, WaitMode.NOW).orElse(Acquisition.NOT_ACQUIRED);
  }

  /**
   * Acquires the lock if it can be had in time, on the monotonic clock, and returns how it was
   * found. Otherwise as {@link #acquire()}.
   *
   * @return {@link Acquisition#NOT_ACQUIRED} if the time was over
   */
  public final Acquisition tryAcquire(Duration time) throws InterruptedException {
    return acquire(WaitMode.within(heap, time));
  }

  private Acquisition acquire(WaitMode mode) throws InterruptedException {
    if (mode.isInterrupted()) {
      throw new InterruptedException("interrupted before waiting for " + word);
    }
    long holder = holderWord();
    return takeFree(holder)
        ? Acquisition.CONSISTENT
        : acquireTaken(holder, mode).orThrow(word).orElse(Acquisition.NOT_ACQUIRED);
  }

  /** Acquires the lock, which was not free. Whatever is thrown, the lock is not held then. */
  private WaitResult<Acquisition> acquireTaken(long holder, WaitMode mode) {
    if (isReentry(holder)) {
      return reenter(mode);
    }
    StackReserve.require();
    try {
      WaitResult<Acquisition> result = take(holder, mode);
      if (!result.isDone()) {
        return result;
      }
      WaitResult.End end = enter(mode);
      return end == WaitResult.End.DONE ? result : WaitResult.withoutValue(end);
    } catch (Throwable e) {
      giveBackAfter(e, true);
      throw e;
    }
  }

  /**
   * Repairs what a dead holder has left, or gives the lock back: there is room on the stack for
   * that, as {@link #acquireTaken} has asked for it. To ask again, while the lock is held, could
   * fail, since frames of compiled code are shorter than others.
   */
  private boolean settle(Acquisition acquisition) {
    if (acquisition == Acquisition.OWNER_DIED) {
      try {
        settleAfterDeath();
      } catch (Throwable e) {
        giveBackAfter(e, false);
        throw e;
      }
    }
    return acquisition != Acquisition.NOT_ACQUIRED;
  }

  private void settleAfterDeath() {
    Runnable action = repair;
    if (action == null) {
      throw new OwnerDiedException(
          "the holder of "
              + word
              + " died with it: what it protects may be half changed. Take it with acquire(),"
              + " repair and markConsistent(), or say how to repair with onOwnerDied");
    }
    action.run();
    word.markConsistent(holderWord());
  }

  /** Takes the lock, and repairs what a dead holder has left or throws. */
  final WaitResult<Acquisition> repair(WaitMode mode) {
    long holder = holderWord();
    if (takeFree(holder)) {
      return CONSISTENT;
    }
    WaitResult<Acquisition> result = acquireTaken(holder, mode);
    settle(result.orElse(Acquisition.NOT_ACQUIRED));
    return result;
  }

  /** Gives the lock up as it was found, for whoever can repair what it protects. */
  final void giveBack() {
    word.giveBack(holderWord());
    afterRelease();
  }

  /**
   * Gives the lock up as it was found, because of something that is to be thrown on.
   *
   * @param asks whether to look first if the current thread is known to hold it
   */
  final void giveBackAfter(Throwable cause, boolean asks) {
    long holder = holderWord();
    try {
      if (!asks || isReentry(holder)) {
        word.giveBack(holder);
      }
      afterRelease();
    } catch (RuntimeException alsoClosed) {
      cause.addSuppressed(alsoClosed);
    } catch (Throwable again) {
      afterRelease();
      throw again;
    }
  }

  /**
   * Takes the lock as soon as it can be had.
   *
   * @throws OwnerDiedException if its holder died, and there is no repair; the lock is not held
   * @throws dev.rszshm.sync.errors.LockUnusableException if it was released without repair
   * @throws IllegalMonitorStateException if this thread has it already and it is not re-entrant
   */
  @Override
  public final void lock() {
    long holder = holderWord();
    if (!takeFree(holder)) {
      settle(acquireTaken(holder, WaitMode.UNINTERRUPTIBLE).value());
    }
  }

  /**
   * As {@link #lock()}, unless the thread is interrupted, before or while it waits; that is noticed
   * within 50 ms.
   */
  @Override
  public final void lockInterruptibly() throws InterruptedException {
    settle(acquire(WaitMode.INTERRUPTIBLE));
  }

  /**
   * Takes the lock if it is free, or its holder is dead, which is asked for; does not wait.
   *
   * @return whether it is held now; false too if this thread has it and it is not re-entrant
   */
  @Override
  public final boolean tryLock() {
    long holder = holderWord();
    return takeFree(holder)
        || settle(acquireTaken(holder, WaitMode.NOW).orElse(Acquisition.NOT_ACQUIRED));
  }

  /** Takes the lock if it can be had in time; otherwise as {@link #lockInterruptibly()}. */
  @Override
  public final boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
    return settle(acquire(WaitMode.within(heap, time, unit)));
  }

  /**
   * Takes the lock if it can be had in time; otherwise as {@link #lockInterruptibly()}.
   *
   * @param timeout zero or less: only looks
   * @return whether it is held now
   */
  public final boolean tryLock(Duration timeout) throws InterruptedException {
    return settle(acquire(WaitMode.within(heap, timeout)));
  }

  /**
   * Gives the lock up, and wakes one who waits for it. If the process dies in it, the lock is free,
   * or held by a dead one.
   *
   * @throws IllegalMonitorStateException if this thread does not hold it; nothing happens
   */
  @Override
  public final void unlock() {
    if (isLastRelease()) {
      word.release(holderWord());
      afterRelease();
    }
  }

  /**
   * Gives the lock up for a time, so that others can have it, and takes it again, however often
   * this thread had entered it. To wait for something, use a {@link #condition}.
   *
   * @throws IllegalMonitorStateException if this thread does not hold it
   * @throws InterruptedException if the thread is interrupted, which is noticed within 50 ms; the
   *     lock is held again
   * @throws IllegalStateException if the heap is closed meanwhile, which is noticed within 50 ms
   * @throws OwnerDiedException if another holder died meanwhile and there is no repair; the lock is
   *     held again
   */
  public final void sleep(Duration time) throws InterruptedException {
    word.requireHeld(holderWord());
    Deadline deadline = Deadline.after(heap, time);
    StackReserve.require(); // to take it again
    int depth = releaseAll();
    boolean interrupted = false;
    try {
      while (!interrupted && heap.isOpen() && !deadline.hasPassed()) {
        heap.pause(Duration.ofNanos(Math.min(deadline.remainingNanos(), SLICE_NANOS)));
        interrupted = Thread.interrupted();
      }
    } catch (Throwable e) {
      reacquireAfter(e, depth);
      throw e;
    }
    reacquire(depth);
    if (interrupted) {
      throw new InterruptedException("interrupted while it had given up " + word);
    }
  }

  /**
   * Says that what the lock protects is well again, after {@link Acquisition#OWNER_DIED}.
   *
   * @throws IllegalMonitorStateException if this thread does not hold it
   */
  public final void markConsistent() {
    word.markConsistent(holderWord());
  }

  /**
   * Makes the lock a new one after it became unusable, when what it protects has been repaired.
   *
   * @return whether it was unusable
   */
  public final boolean reset() {
    return word.reset();
  }

  /** Whether anybody holds it, a dead one too until the next one takes it. */
  public final boolean isLocked() {
    return word.isHeld();
  }

  /** Whether the current thread holds it; of a {@link FastMutex}, whether this process does. */
  public final boolean isHeldByCurrentThread() {
    return word.isHeldBy(holderWord());
  }

  /** Who holds it. It may be another one by now. */
  public final Optional<Holder> holder() {
    return word.holder();
  }

  /**
   * A condition of this lock, in a place of its own.
   *
   * @param offset {@link SharedCondition#LENGTH} bytes, a multiple of 4; zeros are a new one
   */
  public final SharedCondition condition(long offset) {
    return SharedCondition.at(this, offset);
  }

  /**
   * Not to be had: a condition needs a place in the heap, which {@link #condition} is told.
   *
   * @throws UnsupportedOperationException always
   */
  @Override
  public final Condition newCondition() {
    throw new UnsupportedOperationException(
        "a condition in shared memory needs a place there: call condition(offset)");
  }

  /** Gives the lock up however often it was entered; returns what {@link #reacquire} needs. */
  int releaseAll() {
    word.release(holderWord());
    afterRelease();
    return 1;
  }

  /** Takes the lock again after {@link #releaseAll}. */
  void reacquire(int depth) {
    if (acquireUninterruptibly() == Acquisition.OWNER_DIED) {
      Runnable action = repair;
      if (action == null) {
        throw new OwnerDiedException(
            "a holder of "
                + word
                + " died while this thread waited for a condition. The lock is held: repair what it"
                + " protects and call markConsistent() before unlock()");
      }
      action.run();
      word.markConsistent(holderWord());
    }
  }

  /** Takes the lock again because of something that is to be thrown on. */
  final void reacquireAfter(Throwable cause, int depth) {
    try {
      reacquire(depth);
    } catch (RuntimeException alsoThis) {
      cause.addSuppressed(alsoThis);
    }
  }

  @Override
  public String toString() {
    return word + ", " + word.state();
  }
}
