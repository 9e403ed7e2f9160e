package dev.rszshm.sync;

import dev.rszshm.heap.Heap;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The end of a wait, on the monotonic clock of a heap. A deadline belongs to this process. Any
 * thread may ask it.
 */
public final class Deadline {
  private static final Deadline NEVER = new Deadline(null, 0, Long.MAX_VALUE);

  private final @Nullable Heap heap;
  private final long start;
  private final long limit;

  private Deadline(@Nullable Heap heap, long start, long limit) {
    this.heap = heap;
    this.start = start;
    this.limit = limit;
  }

  /** One that never passes. */
  public static Deadline never() {
    return NEVER;
  }

  /** One that passes so long from now; at once if the time is zero or negative. */
  public static Deadline after(Heap heap, Duration time) {
    // Unlike Duration.toNanos, this saturates.
    return after(heap, TimeUnit.NANOSECONDS.convert(time));
  }

  /** One that passes so long from now; at once if the time is zero or negative. */
  public static Deadline after(Heap heap, long nanos) {
    return nanos == Long.MAX_VALUE
        ? NEVER
        : new Deadline(heap, heap.nanoTime(), Math.max(0, nanos));
  }

  /** Nanoseconds until it passes, 0 when it has, {@link Long#MAX_VALUE} if it never will. */
  public long remainingNanos() {
    return heap == null ? limit : Math.max(0, limit - (heap.nanoTime() - start));
  }

  /** Whether it has passed. */
  public boolean hasPassed() {
    return remainingNanos() == 0;
  }
}
