package dev.rszshm.sync.internal;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.Deadline;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How a caller wants to wait: not at all, until a deadline or for ever, and whether an interrupt
 * ends the wait. Immutable; a deadline runs from the moment at which its mode is made.
 */
public final class WaitMode {
  /** Looks once, asks for the dead, and does not wait. */
  public static final WaitMode NOW = new WaitMode(null, false);

  /** Waits for ever, or until the current thread is interrupted. */
  public static final WaitMode INTERRUPTIBLE = new WaitMode(Deadline.never(), true);

  /** Waits for ever; the interrupt status stays for the next wait to find. */
  public static final WaitMode UNINTERRUPTIBLE = new WaitMode(Deadline.never(), false);

  private final @Nullable Deadline deadline;
  private final boolean interruptible;

  private WaitMode(@Nullable Deadline deadline, boolean interruptible) {
    this.deadline = deadline;
    this.interruptible = interruptible;
  }

  /** Waits until a deadline, or until the current thread is interrupted. */
  public static WaitMode until(Deadline deadline) {
    return new WaitMode(deadline, true);
  }

  /** Waits no longer than a time; zero or less only looks, and what overflows is for ever. */
  public static WaitMode within(Heap heap, Duration time) {
    return until(Deadline.after(heap, time));
  }

  /** Waits no longer than a time; {@link Long#MAX_VALUE} of any unit is for ever. */
  public static WaitMode within(Heap heap, long time, TimeUnit unit) {
    return until(Deadline.after(heap, time == Long.MAX_VALUE ? time : unit.toNanos(time)));
  }

  /** Returns the same time, without an end by an interrupt. */
  public WaitMode uninterruptibly() {
    return interruptible ? new WaitMode(deadline, false) : this;
  }

  /** Returns whether the caller would sleep at all. A mode whose deadline has passed waits too. */
  public boolean waits() {
    return deadline != null;
  }

  /** Returns whether the caller has to be told of an interrupt now; clears the status then. */
  public boolean isInterrupted() {
    return interruptible && Thread.interrupted();
  }

  /** Returns whether there is no time left to sleep. */
  public boolean hasPassed() {
    return deadline == null || deadline.hasPassed();
  }

  /** Returns how many nanoseconds are left, {@link Long#MAX_VALUE} for ever. */
  public long remainingNanos() {
    return deadline == null ? 0 : deadline.remainingNanos();
  }
}
