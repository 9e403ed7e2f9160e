package dev.rszshm.structures.queue;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.Mutex;
import dev.rszshm.sync.internal.WaitMode;
import java.util.concurrent.TimeUnit;

/**
 * The lock of those who change one end of a structure. Nothing but this package's code runs in it.
 * Whoever gets it from the dead gets it without more ado: words of the structure say what was left.
 *
 * <p>A thread that something thrown has kept from giving it up, because there was no stack for
 * that, has it until it comes again or its process ends.
 */
final class EndLock {
  /** Who only wants to look waits so long for others who are in the middle of something. */
  private static final long LEAST_NANOS = 10_000_000;

  private final Heap heap;
  private final Mutex lock; // null if the heap is attached for reading only

  EndLock(Heap heap, long offset) {
    this.heap = heap;
    this.lock = heap.isReadOnly() ? null : Mutex.at(heap, offset);
    if (lock != null) {
      lock.onOwnerDied(() -> {});
    }
  }

  /** Takes the lock to look only: does without if the heap is attached for reading only. */
  void enterToLook() {
    if (lock != null) {
      enter();
    }
  }

  /** Takes the lock as soon as it can be had. */
  void enter() {
    heap.requireWritable();
    try {
      lock.lock();
    } catch (IllegalMonitorStateException e) {
      requireLeftBehind(e);
    }
  }

  /**
   * Takes the lock within the time of a mode; a mode that does not wait waits for the lock.
   *
   * @return whether it has it; if not, the time is over or the thread is interrupted, as its
   *     interrupt status says
   */
  boolean enter(WaitMode mode) {
    heap.requireWritable();
    try {
      if (mode == WaitMode.NOW || mode == WaitMode.UNINTERRUPTIBLE) {
        lock.lock();
      } else if (mode == WaitMode.INTERRUPTIBLE) {
        lock.lockInterruptibly();
      } else {
        long nanos = Math.max(mode.remainingNanos(), LEAST_NANOS);
        return lock.tryLock(nanos, TimeUnit.NANOSECONDS);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (IllegalMonitorStateException e) {
      requireLeftBehind(e);
      return true;
    }
  }

  private void requireLeftBehind(IllegalMonitorStateException e) {
    if (!lock.isHeldByCurrentThread()) {
      throw e;
    }
  }

  void leave() {
    if (lock != null) {
      lock.unlock();
    }
  }
}
