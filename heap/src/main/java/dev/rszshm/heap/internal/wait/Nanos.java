package dev.rszshm.heap.internal.wait;

import java.time.Duration;

/** Durations as nanoseconds. */
public final class Nanos {
  private Nanos() {}

  /** The nanoseconds of a duration, 0 for a negative one; one that is too long is for ever. */
  public static long saturated(Duration duration) {
    try {
      return Math.max(0, duration.toNanos());
    } catch (ArithmeticException e) {
      return duration.isNegative() ? 0 : Long.MAX_VALUE;
    }
  }
}
