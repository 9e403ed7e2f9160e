package dev.rszshm.heap.internal.watch;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Something that takes time, is under way, and will perhaps be reported; one thread uses it. */
public final class Pending {
  /** An event of Flight Recorder that has begun; null if nobody records it. */
  final @Nullable Object event;

  private final long start = System.nanoTime();

  Pending(@Nullable Object event) {
    this.event = event;
  }

  Duration time() {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
