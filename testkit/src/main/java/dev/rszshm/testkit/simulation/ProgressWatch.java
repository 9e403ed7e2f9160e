package dev.rszshm.testkit.simulation;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Counts the runs of one exploration, on any number of threads, and tells of them in time. */
final class ProgressWatch {
  private static final String SECONDS = "dev.rszshm.progress";

  /** Who is told, and how often. */
  record Listening(Duration every, Consumer<Progress> listener) {
    private static final Listening NOBODY =
        new Listening(ChronoUnit.FOREVER.getDuration(), progress -> {});

    /** Nobody, unless the system property says how many seconds lie between two lines. */
    static Listening byProperty() {
      int seconds = Integer.getInteger(SECONDS, 0);
      return seconds <= 0
          ? NOBODY
          : new Listening(
              Duration.ofSeconds(seconds), progress -> System.err.println("explored " + progress));
    }
  }

  private final Listening listening;
  private final long every;
  private final long start = System.nanoTime();
  private final AtomicLong told = new AtomicLong(start);
  private final AtomicLong schedules = new AtomicLong();
  private final AtomicLong accesses = new AtomicLong();
  private final AtomicBoolean telling = new AtomicBoolean();

  /** Begins to count. */
  ProgressWatch(Listening listening) {
    this.listening = listening;
    this.every = TimeUnit.NANOSECONDS.convert(listening.every());
  }

  /** Notes a run, and tells of it if it is time to; what the listener throws comes out here. */
  void ran(long steps, long states, int preemptions, int depth) {
    if (every == Long.MAX_VALUE) {
      return; // nobody listens
    }
    schedules.incrementAndGet();
    accesses.addAndGet(steps);
    long now = System.nanoTime();
    if (now - told.get() >= every && telling.compareAndSet(false, true)) {
      try {
        told.set(now);
        listening
            .listener()
            .accept(
                new Progress(
                    schedules.get(),
                    accesses.get(),
                    states,
                    preemptions,
                    depth,
                    Duration.ofNanos(now - start)));
      } finally {
        telling.set(false);
      }
    }
  }
}
