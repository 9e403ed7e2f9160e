package dev.rszshm.structures.queue;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.process.Presence;
import dev.rszshm.sync.Mutex;
import dev.rszshm.sync.internal.WaitMode;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

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

  /** Null if the heap is attached for reading only. */
  private final @Nullable Mutex lock;

  private final @Nullable Presence presence;

  /**
   * The lock at an offset.
   *
   * @param presence of the structure, which must be there for whoever takes the lock; null for
   *     those who make it or remove it
   */
  EndLock(Heap heap, long offset, @Nullable Presence presence) {
    this.heap = heap;
    this.presence = presence;
    this.lock = heap.isReadOnly() ? null : lockAt(heap, offset);
  }

  private static Mutex lockAt(Heap heap, long offset) {
    Mutex lock = Mutex.at(heap, offset);
    lock.onOwnerDied(() -> {});
    return lock;
  }

  /** Takes the lock to look only: does without if the heap is attached for reading only. */
  void enterToLook() {
    if (lock != null) {
      enter();
    } else {
      requireThere();
    }
  }

  /** Takes the lock as soon as it can be had. */
  void enter() {
    Mutex mutex = requireLock();
    requireThere();
    try {
      mutex.lock();
    } catch (IllegalMonitorStateException e) {
      requireLeftBehind(mutex, e);
    }
    requireThereInLock(mutex);
  }

  /** The lock, for whoever wants to change something. */
  private Mutex requireLock() {
    heap.requireWritable();
    return Objects.requireNonNull(lock, "a heap that can be written has its locks");
  }

  private void requireThere() {
    if (presence != null) {
      presence.require();
    }
  }

  /** It may have been removed while this thread waited for the lock. */
  private void requireThereInLock(Mutex mutex) {
    if (presence != null && !presence.isThere()) {
      mutex.unlock();
      presence.require();
    }
  }

  /**
   * Takes the lock within the time of a mode; a mode that does not wait waits for the lock.
   *
   * @return whether it has it; if not, the time is over or the thread is interrupted, as its
   *     interrupt status says
   */
  boolean enter(WaitMode mode) {
    Mutex mutex = requireLock();
    requireThere();
    try {
      if (mode == WaitMode.NOW || mode == WaitMode.UNINTERRUPTIBLE) {
        mutex.lock();
      } else if (mode == WaitMode.INTERRUPTIBLE) {
        mutex.lockInterruptibly();
      } else {
        long nanos = Math.max(mode.remainingNanos(), LEAST_NANOS);
        if (!mutex.tryLock(nanos, TimeUnit.NANOSECONDS)) {
          return false;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (IllegalMonitorStateException e) {
      requireLeftBehind(mutex, e);
    }
    requireThereInLock(mutex);
    return true;
  }

  private void requireLeftBehind(Mutex mutex, IllegalMonitorStateException e) {
    if (!mutex.isHeldByCurrentThread()) {
      throw e;
    }
  }

  /**
   * Does a step so many times, or until there is no more to do, and gives the lock up now and then.
   *
   * @param atOnce steps in the lock
   * @param step returns whether there was something to do
   * @param between what is done outside of the lock
   */
  void repeat(long times, int atOnce, BooleanSupplier step, Runnable between) {
    boolean more = true;
    for (long left = times; more && left > 0; left -= atOnce) {
      enter();
      try {
        for (int i = 0; more && i < Math.min(left, atOnce); i++) {
          more = step.getAsBoolean();
        }
      } finally {
        leave();
      }
      between.run();
    }
  }

  void leave() {
    if (lock != null) {
      lock.unlock();
    }
  }
}
