package dev.rszshm.sync;

import java.util.concurrent.Callable;
import java.util.concurrent.locks.Lock;

/** Runs code with a lock held. */
public final class Locks {
  private Locks() {}

  /**
   * Runs a body with a lock held, and gives the lock up however the body ends.
   *
   * @return what the body returns
   * @throws dev.rszshm.sync.errors.OwnerDiedException as {@link Lock#lock} of a {@link RobustLock}
   *     does; the body has not run then
   * @throws Exception what the body throws
   */
  public static <T> T synchronised(Lock lock, Callable<T> body) throws Exception {
    lock.lock();
    T result;
    try {
      result = body.call();
    } catch (Throwable e) {
      unlockAfter(e, lock);
      throw e;
    }
    lock.unlock();
    return result;
  }

  /** As {@link #synchronised(Lock, Callable)}, for a body without a result. */
  public static void synchronised(Lock lock, Runnable body) {
    lock.lock();
    try {
      body.run();
    } catch (Throwable e) {
      unlockAfter(e, lock);
      throw e;
    }
    lock.unlock();
  }

  /** What the body threw is told, not that its heap was closed meanwhile. */
  static void unlockAfter(Throwable thrown, Lock lock) {
    try {
      lock.unlock();
    } catch (RuntimeException alsoThis) {
      thrown.addSuppressed(alsoThis);
    }
  }
}
