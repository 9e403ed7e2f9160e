package dev.rszshm.structures.internal.ring;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.Deadline;
import java.time.Duration;

/**
 * How long a call waits, and whether an interrupt ends it.
 *
 * @param deadline the end of the wait
 * @param isInterruptible whether an interrupt ends it; otherwise the interrupt is kept
 */
public record Wait(Deadline deadline, boolean isInterruptible) {
  private static final Wait FOR_EVER = new Wait(Deadline.never(), true);
  private static final Wait UNINTERRUPTIBLE = new Wait(Deadline.never(), false);

  /**
   * Something that waits.
   *
   * @param <T> its result
   */
  @FunctionalInterface
  public interface Body<T> {
    /** Does it, waiting as it is told. */
    T run(Wait wait) throws InterruptedException;
  }

  /** Returns a wait without an end that an interrupt ends. */
  public static Wait forEver() {
    return FOR_EVER;
  }

  /** Returns a wait of no longer than a time that an interrupt ends. */
  public static Wait upTo(Heap heap, Duration timeout) {
    return new Wait(Deadline.after(heap, timeout), true);
  }

  /** Returns a wait of no longer than a time that no interrupt ends. */
  static Wait briefly(Heap heap, long nanos) {
    return new Wait(Deadline.after(heap, nanos), false);
  }

  /** Runs a body that waits without an end, and that no interrupt ends. */
  public static <T> T uninterruptibly(Body<T> body) {
    return run(UNINTERRUPTIBLE, body);
  }

  /** Runs a body that does not wait. */
  public static <T> T withoutWaiting(Heap heap, Body<T> body) {
    return run(briefly(heap, 0), body);
  }

  /** Runs a body with a wait that no interrupt ends. */
  static <T> T run(Wait wait, Body<T> body) {
    try {
      return body.run(wait);
    } catch (InterruptedException e) {
      throw new AssertionError("a wait that no interrupt ends was interrupted", e);
    }
  }
}
