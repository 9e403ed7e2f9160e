package dev.rszshm.structures.internal.segment;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.process.LockLook;
import dev.rszshm.sync.Mutex;
import java.util.Optional;

/*
 * A lock of those who change something in several steps, which whoever has the lock next ends or takes back if
 * one of them dies, or is thrown out.
 *
 * Layout
 * ------
 * OFFSET SIZE DESCRIPTION
 *      0    8 lock (a Mutex)
 *      8    8 whether somebody is changing something: 1; else 0
 *
 * Protocol
 * --------
 * 1 take the lock; 2 busy: settle what was left, which may be done again and again, and busy := 0;
 * 3 the caller says setBusy, and then setDone; 4 not done: settle; 5 give the lock up.
 * No code of the structure's user may run in it.
 *
 * If a process dies here
 * ----------------------
 * The next one takes the lock from the dead, after the allocator has recovered their lanes, and settles at 2. A thread that has
 * no stack left to give the lock up keeps it, until it uses the structure again through this object, or its process ends.
 */
public final class SettledLock {
  /** The length in bytes. */
  public static final int LENGTH = 16;

  private static final int BUSY = 8;

  private final Heap heap;
  private final long busy;

  /** Empty if the heap is attached for reading only. */
  private final Optional<Mutex> lock;

  private final Runnable settle;

  /** Whether something thrown has kept a thread from giving the lock up. */
  private volatile boolean leftBehind;

  /**
   * A lock in bytes that were zero at first.
   *
   * @param settle ends, or takes back, what somebody has left; may be done again
   */
  public SettledLock(Heap heap, long at, Runnable settle) {
    this.heap = heap;
    this.busy = at + BUSY;
    this.lock = heap.isReadOnly() ? Optional.empty() : Optional.of(Mutex.at(heap, at));
    lock.ifPresent(mutex -> mutex.onOwnerDied(() -> {})); // busy tells all that there is to know
    this.settle = settle;
  }

  /** Returns whether there is work that somebody does, or has left. */
  public boolean isBusy() {
    return heap.getLongAcquire(busy) != 0;
  }

  /** Returns what can be seen of it without taking it. */
  public LockLook look() {
    return LockLook.at(heap, busy - BUSY, this::isBusy);
  }

  /** Says that from now on there is something to settle. */
  public void setBusy() {
    heap.putLongRelease(busy, 1);
  }

  /** Says that there is nothing to settle. */
  public void setDone() {
    heap.putLongRelease(busy, 0);
  }

  /** Does something in the lock. */
  public void run(Runnable action) {
    heap.requireWritable();
    Mutex mutex = lock.orElseThrow();
    if (!leftBehind || !mutex.isHeldByCurrentThread()) {
      mutex.lock();
    } else {
      leftBehind = false;
    }
    boolean done = false;
    try {
      settleIfBusy();
      action.run();
      done = true;
    } finally {
      leave(mutex, done);
    }
  }

  private void settleIfBusy() {
    if (isBusy()) {
      settle.run();
      setDone();
    }
  }

  /** Gives the lock up; what was not done is settled, or else by whoever has it next. */
  private void leave(Mutex mutex, boolean done) {
    boolean left = false;
    try {
      if (!done && heap.isOpen()) {
        settleIfBusy();
      }
    } catch (RuntimeException e) {
      // What has been thrown before is more important, and it stays busy.
    } finally {
      try {
        mutex.unlock();
        left = true;
      } finally {
        if (!left) { // no call: there may be no stack for one
          leftBehind = true;
        }
      }
    }
  }
}
