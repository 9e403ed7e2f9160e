package dev.rszshm.heap.internal.wait;

import dev.rszshm.heap.spi.SystemCalls;
import java.util.concurrent.TimeUnit;

/**
 * The sleep of a virtual thread while words hold values, where no {@link ParkingLot} keeps it.
 *
 * <p>It parks, and looks again and again, in steps that become longer: it notices a change a little
 * later than a thread that is woken, and whoever changes a word finds nobody to wake. It holds no
 * address while it is parked: each look is a checked access. If the process dies here, nothing is
 * left.
 */
final class ParkedSleep {
  private static final long FIRST_STEP_NANOS = TimeUnit.MICROSECONDS.toNanos(50);
  private static final long LAST_STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final WordWait.Words words;
  private final SystemCalls calls;

  ParkedSleep(WordWait.Words words, SystemCalls calls) {
    this.words = words;
    this.calls = calls;
  }

  /**
   * Sleeps once, until a word has changed, the time is over or the thread is interrupted. An
   * interrupt from before does not end it, so that who must not be interrupted can wait.
   *
   * @return whether the time is over
   * @throws IllegalStateException if the heap is closed
   */
  boolean sleep(long[] offsets, int[] values, long nanos) {
    boolean interruptedBefore = Thread.interrupted();
    try {
      long start = calls.nanoTime();
      long step = FIRST_STEP_NANOS;
      while (!hasChanged(offsets, values)) {
        long left = nanos - (calls.nanoTime() - start);
        if (left <= 0) {
          return true;
        }
        if (Thread.currentThread().isInterrupted()) {
          return false;
        }
        calls.pause(Math.min(left, step));
        step = Math.min(2 * step, LAST_STEP_NANOS);
      }
      return false;
    } finally {
      if (interruptedBefore) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean hasChanged(long[] offsets, int[] values) {
    boolean changed = false;
    for (int i = 0; i < offsets.length; i++) {
      changed |= words.value(offsets[i]) != values[i];
    }
    return changed;
  }
}
