package dev.rszshm.heap.internal.wait;

import dev.rszshm.heap.spi.SystemCalls;
import java.util.concurrent.TimeUnit;

/**
 * Pauses, each twice as long as the one before, for a lock that can only be tried. An interrupt
 * does not end them, for it would make all that follow as short as nothing; it is kept for the
 * caller.
 */
public final class Backoff implements AutoCloseable {
  private static final long FIRST_NANOS = TimeUnit.MICROSECONDS.toNanos(20);
  private static final long LAST_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final SystemCalls calls;
  private long pause = FIRST_NANOS;
  private boolean interrupted;

  public Backoff(SystemCalls calls) {
    this.calls = calls;
  }

  public void pause() {
    interrupted |= Thread.interrupted();
    calls.pause(pause);
    pause = Math.min(pause * 2, LAST_NANOS);
  }

  /** Interrupts the thread if it was interrupted meanwhile. */
  @Override
  public void close() {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
