package dev.rszshm.testkit.process;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A moment on the monotonic clock. */
record Deadline(long nanos) {
  static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /** Milliseconds left, rounded up; 0 when it has passed. */
  long left() {
    long left = nanos - System.nanoTime();
    return left <= 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(left) + 1;
  }
}
