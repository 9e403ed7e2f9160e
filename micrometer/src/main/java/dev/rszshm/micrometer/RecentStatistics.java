package dev.rszshm.micrometer;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.AllocatorStatistics;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The statistics of an allocator, counted anew once a second at most. */
final class RecentStatistics {
  private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Allocator allocator;
  private @Nullable AllocatorStatistics last;
  private long counted;

  RecentStatistics(Allocator allocator) {
    this.allocator = allocator;
  }

  synchronized AllocatorStatistics get() {
    AllocatorStatistics recent = last;
    if (recent == null || System.nanoTime() - counted >= KEPT_NANOS) {
      recent = allocator.statistics();
      last = recent;
      counted = System.nanoTime();
    }
    return recent;
  }
}
