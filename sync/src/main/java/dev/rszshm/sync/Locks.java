package dev.rszshm.sync;

import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/** Runs code with a lock held. */
public final class Locks {
  /**
   * Returns a value, or throws an exception of a type of its own.
   *
   * @param <T> the value
   * @param <X> the exception; {@link RuntimeException} if there is no checked one
   */
  @FunctionalInterface
  public interface ThrowingSupplier<T extends @Nullable Object, X extends Throwable> {
    /** Returns the value. */
    T get() throws X;
  }

  private Locks() {}

  /**
   * Acquires a lock, calls a body and releases the lock, however the body ends.
   *
   * @return what the body returns
   * @throws dev.rszshm.sync.errors.OwnerDiedException as {@link Lock#lock} of a {@link RobustLock}
   *     does; the body has not run then
   * @throws X what the body throws
   */
  public static <T extends @Nullable Object, X extends Throwable> T callLocked(
      Lock lock, ThrowingSupplier<T, X> body) throws X {
    lock.lock();
    T result;
    try {
      result = body.get();
    } catch (Throwable e) {
      unlockAfter(e, lock);
      throw e;
    }
    lock.unlock();
    return result;
  }

  /** Runs a body with a lock held, as {@link #callLocked} does. */
  public static void runLocked(Lock lock, Runnable body) {
    callLocked(
        lock,
        () -> {
          body.run();
          return true;
        });
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
