package dev.rszshm.heap;

import java.time.Duration;

/** Durations as nanoseconds. */
final class Nanos {
  private Nanos() {}

  /** The nanoseconds of a duration; one that is too long for them counts as for ever. */
  static long saturated(Duration duration) {
    try {
      return duration.toNanos();
    } catch (ArithmeticException e) {
      return duration.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }
}
