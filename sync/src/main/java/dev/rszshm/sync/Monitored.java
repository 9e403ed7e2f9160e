package dev.rszshm.sync;

import dev.rszshm.sync.Locks.ThrowingSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Mixes a {@link Monitor} into a class, which then has a monitor's operations itself:
 *
 * <pre>{@code
 * record Account(Heap heap, long offset, Monitor monitor) implements Monitored {
 *   void deposit(long amount) {
 *     runLocked(() -> heap.putLong(offset, heap.getLong(offset) + amount));
 *   }
 * }
 * }</pre>
 *
 * <p>The methods do what those of the monitor do, and throw what they throw.
 */
public interface Monitored {
  /** Returns the monitor, the same at each call. */
  Monitor monitor();

  /** Enters the monitor, and waits for it if another thread is inside. */
  default void enter() {
    monitor().lock();
  }

  /** Enters the monitor if no other thread is inside, and returns whether it has. */
  default boolean tryEnter() {
    return monitor().tryLock();
  }

  /**
   * Leaves the monitor once; the last time, others may enter.
   *
   * @throws IllegalMonitorStateException if the current thread is not inside
   */
  default void exit() {
    monitor().unlock();
  }

  /** Runs a body inside the monitor; see {@link Locks#runLocked}. */
  default void runLocked(Runnable body) {
    Locks.runLocked(monitor(), body);
  }

  /** Returns what a body returns that is called inside; see {@link Locks#callLocked}. */
  default <T extends @Nullable Object, X extends Throwable> T callLocked(
      ThrowingSupplier<T, X> body) throws X {
    return Locks.callLocked(monitor(), body);
  }

  /**
   * Returns the condition at an offset, on which threads wait inside the monitor; see {@link
   * SharedCondition#at}.
   */
  default SharedCondition condition(long offset) {
    return SharedCondition.at(monitor(), offset);
  }
}
