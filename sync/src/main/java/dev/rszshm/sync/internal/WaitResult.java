package dev.rszshm.sync.internal;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a wait has ended.
 *
 * @param end why it has
 * @param value what the last look has found; null if nothing
 */
public record WaitResult<R>(End end, @Nullable R value) {
  /** Why a wait has ended. */
  public enum End {
    DONE,
    TIMED_OUT,
    INTERRUPTED
  }

  private static final WaitResult<?> TIMED_OUT = new WaitResult<>(End.TIMED_OUT, null);
  private static final WaitResult<?> INTERRUPTED = new WaitResult<>(End.INTERRUPTED, null);

  /** Returns the result of a wait that has found something. */
  public static <R> WaitResult<R> done(R value) {
    return new WaitResult<>(End.DONE, value);
  }

  /** Returns the result of a wait whose time was over. */
  @SuppressWarnings("unchecked") // There is no value in it.
  public static <R> WaitResult<R> timedOut() {
    return (WaitResult<R>) TIMED_OUT;
  }

  /** Returns the result of a wait that an interrupt has ended; the interrupt status is cleared. */
  @SuppressWarnings("unchecked") // There is no value in it.
  public static <R> WaitResult<R> interrupted() {
    return (WaitResult<R>) INTERRUPTED;
  }

  /** Returns the result of a wait that has found nothing. */
  public static <R> WaitResult<R> withoutValue(End end) {
    return end == End.INTERRUPTED ? interrupted() : timedOut();
  }

  /** Returns whether the wait has found something. */
  public boolean isDone() {
    return end == End.DONE;
  }

  /** Returns whether an interrupt has ended the wait. */
  public boolean isInterrupted() {
    return end == End.INTERRUPTED;
  }

  /**
   * Returns what was found.
   *
   * @throws NullPointerException if nothing was
   */
  @Override
  public R value() {
    return Objects.requireNonNull(value, "nothing was found");
  }

  /** Returns what was found; null if nothing was. */
  public @Nullable R orNull() {
    return value;
  }

  /** Returns what was found, or another value if nothing was. */
  public R orElse(R other) {
    return value != null ? value : other;
  }

  /**
   * Returns this result unless an interrupt has ended the wait.
   *
   * @param what what the thread was waiting for, for the message
   * @throws InterruptedException if one has
   */
  public WaitResult<R> orThrow(Object what) throws InterruptedException {
    if (end == End.INTERRUPTED) {
      throw new InterruptedException("interrupted while waiting for " + what);
    }
    return this;
  }
}
