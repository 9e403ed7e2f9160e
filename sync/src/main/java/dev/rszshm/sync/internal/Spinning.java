package dev.rszshm.sync.internal;

import dev.rszshm.heap.Heap;
import java.util.function.BooleanSupplier;

/**
 * Looks at a condition a few times before sleeping: a look that finds what it waits for costs
 * nanoseconds, a sleep and its wake-up microseconds. But where the other one cannot run meanwhile,
 * looking only keeps it from running.
 *
 * <p>So it looks for a small share of the time that a sleep has lately taken here: where sleeps are
 * short, because processors are busy and a sleep only changes who runs, it does not look at all.
 * Where a processor must be woken, it is long enough to meet somebody who looks too. Once in a
 * while it looks for longer than a sleep takes, so that two who have both gone to sleep each time
 * find back to each other. The pauses between looks become longer, so that whoever has the word can
 * work.
 *
 * <p>Each handle learns for itself. The fields are guesses, which threads may write at once.
 */
public final class Spinning {
  private static final long MOST_NANOS = Long.getLong("dev.rszshm.spin.nanos", 5_000);

  private static final int SHARE = 16;
  private static final long FEWEST_NANOS = 500;
  private static final int WAITS_FOR_A_LONG_LOOK = 128;
  private static final int WAITS_FOR_A_MEASURE = 4;
  private static final long LONGEST_SLEEP_NANOS = 200_000;
  private static final int LONGEST_PAUSE = 8;

  private final Heap heap;
  private final boolean useful;
  private long usualSleep = LONGEST_SLEEP_NANOS / 4;
  private int waits;

  public Spinning(Heap heap) {
    this.heap = heap;
    this.useful = heap.processors() > 1 && MOST_NANOS > 0;
  }

  /** Returns whether the condition has become true. */
  public boolean until(BooleanSupplier condition) {
    if (!useful) {
      return false;
    }
    long limit = Math.min(usualSleep / SHARE, MOST_NANOS);
    if (++waits % WAITS_FOR_A_LONG_LOOK == 0) {
      limit = 2 * usualSleep;
    } else if (limit < FEWEST_NANOS) {
      return false;
    }
    long start = heap.nanoTime();
    int pause = 1;
    do {
      for (int i = 0; i < pause; i++) {
        Thread.onSpinWait();
      }
      if (condition.getAsBoolean()) {
        return true;
      }
      pause = Math.min(2 * pause, LONGEST_PAUSE);
    } while (heap.nanoTime() - start < limit);
    return false;
  }

  /**
   * Sleeps while a word holds a value, as {@link Heap#sleepWhile(long, int, long)}, and learns how
   * long that takes.
   */
  public boolean sleepWhile(long offset, int value, long nanos) {
    if (!useful || waits % WAITS_FOR_A_MEASURE != 0) {
      return heap.sleepWhile(offset, value, nanos);
    }
    long start = heap.nanoTime();
    boolean over = heap.sleepWhile(offset, value, nanos);
    long slept = Math.min(heap.nanoTime() - start, LONGEST_SLEEP_NANOS);
    usualSleep += (slept - usualSleep) / 8;
    return over;
  }
}
