package dev.rszshm.sync;

import dev.rszshm.heap.Directory;
import dev.rszshm.heap.internal.place.Places;
import dev.rszshm.sync.internal.WaitMode;
import dev.rszshm.sync.internal.WaitPoint;
import dev.rszshm.sync.internal.WaitResult;
import dev.rszshm.sync.internal.Waiting;
import java.time.Duration;
import java.util.Date;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;

/*
 * Layout
 * ------
 * One EventCount. Who waits leaves nothing else behind.
 *
 * Protocol
 * --------
 * await, with the lock held: 1 prepare, which gives a key; 2 release the lock; 3 sleep until there was a
 * signal after the key, the time is over or the thread is interrupted; 4 take the lock again.
 * signal, with the lock held: one signal of the event count.
 * A signal between 2 and 3 makes the key old: it is not lost. One before 1 is not seen: it is not
 * remembered. A signal wakes one sleeper at once; others find it when their slice ends, at most 50 ms
 * later, and return as well: a condition may wake for no reason, and this is what makes it safe to die
 * with a wake-up in hand.
 *
 * If a process dies here
 * ----------------------
 * 1, 3: nothing is left but a flag that costs the next signal a system call. 2, 4: as in LockWord.
 */

/**
 * Lets the holders of a lock wait until another has changed something.
 *
 * <p>As with any condition, look at what you wait for in a loop: a wait may return for no reason.
 * The waits say whether they timed out. All methods need the lock, and throw {@link
 * IllegalMonitorStateException} without it. After a wait the lock is held again, however the wait
 * ended; if its holder died meanwhile, the repair of the lock runs first, or {@link
 * dev.rszshm.sync.errors.OwnerDiedException} is thrown with the lock held.
 */
public final class SharedCondition implements Condition {
  /** Bytes; the offset is a multiple of 4. Zeros are a new one. */
  public static final int LENGTH = EventCount.LENGTH;

  /** What a {@link Directory} is told that this is. */
  static final long TYPE = 0x5359_4e43_0005L;

  private static final int VERSION = 1;

  private final RobustLock lock;
  private final EventCount events;

  private SharedCondition(RobustLock lock, EventCount events) {
    this.lock = lock;
    this.events = events;
  }

  /**
   * Returns the condition of a lock at an offset.
   *
   * @param offset {@link #LENGTH} bytes, a multiple of 4; zeros are a new one
   */
  public static SharedCondition at(RobustLock lock, long offset) {
    Places.note(lock.heap, SharedCondition.class, offset, LENGTH);
    return new SharedCondition(lock, EventCount.at(lock.heap, offset));
  }

  /**
   * Finds the condition of a name, or makes it; see {@link Directory}.
   *
   * @param lock the lock that its users hold, which must be the same for all
   */
  public static SharedCondition named(Directory directory, String name, RobustLock lock) {
    return at(lock, directory.place(name, TYPE, VERSION, LENGTH));
  }

  private WaitResult<Boolean> waitForSignal(WaitMode mode) {
    lock.word.requireHeld(lock.holderWord());
    if (mode.isInterrupted()) {
      return WaitResult.interrupted();
    }
    int key = events.prepare();
    int depth = lock.releaseAll();
    WaitResult<Boolean> result;
    try {
      result =
          Waiting.await(
              WaitPoint.after(events, key),
              null,
              ask -> events.hasSignalled(key) ? Boolean.TRUE : null,
              mode);
    } catch (Throwable e) {
      lock.reacquireAfter(e, depth);
      throw e;
    }
    lock.reacquire(depth);
    return result;
  }

  private boolean waitInterruptibly(WaitMode mode) throws InterruptedException {
    return waitForSignal(mode).orThrow(this).isDone();
  }

  /** Waits for a signal. An interrupt is noticed within 50 ms. */
  @Override
  public void await() throws InterruptedException {
    waitInterruptibly(WaitMode.INTERRUPTIBLE);
  }

  /**
   * Waits for a signal, for a limited time on the monotonic clock.
   *
   * @return whether there was one; false if the time ran out
   */
  public boolean await(Duration time) throws InterruptedException {
    return waitInterruptibly(WaitMode.within(lock.heap, time));
  }

  /** As {@link #await(Duration)}. */
  @Override
  public boolean await(long time, TimeUnit unit) throws InterruptedException {
    return waitInterruptibly(WaitMode.within(lock.heap, time, unit));
  }

  /**
   * As {@link #await(Duration)}.
   *
   * @return about how many nanoseconds were left, 0 or less if the time ran out
   */
  @Override
  public long awaitNanos(long nanos) throws InterruptedException {
    long start = lock.heap.nanoTime();
    boolean signalled = waitInterruptibly(WaitMode.within(lock.heap, nanos, TimeUnit.NANOSECONDS));
    long left = nanos - (lock.heap.nanoTime() - start);
    return signalled ? Math.max(1, left) : Math.min(0, left);
  }

  /** Waits for a signal; an interrupt is only noted, for the next wait to find. */
  @Override
  public void awaitUninterruptibly() {
    waitForSignal(WaitMode.UNINTERRUPTIBLE);
  }

  /** As {@link #await(Duration)}, until a time of day, as it is when the wait begins. */
  @Override
  @SuppressWarnings("JavaUtilDate") // The interface says so.
  public boolean awaitUntil(Date deadline) throws InterruptedException {
    long now = System.currentTimeMillis();
    long millis = deadline.getTime() <= now ? 0 : deadline.getTime() - now;
    return waitInterruptibly(WaitMode.within(lock.heap, millis, TimeUnit.MILLISECONDS));
  }

  /** Wakes one thread that waits, if there is one. It goes on when it gets the lock. */
  @Override
  public void signal() {
    lock.word.requireHeld(lock.holderWord());
    events.signalOne();
  }

  /** Wakes all threads that wait. They go on one after the other, as they get the lock. */
  @Override
  public void signalAll() {
    lock.word.requireHeld(lock.holderWord());
    events.signalAll();
  }

  @Override
  public String toString() {
    return "a condition of " + lock;
  }
}
