package dev.rszshm.heap;

import dev.rszshm.heap.os.SystemCalls;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A wait for a shared word to change.
 *
 * <p>A thread in a futex wait cannot be interrupted by Java, so the wait goes in slices; after each
 * of them the word, the clock, the interrupt flag and the heap are looked at. If the process dies
 * here, nothing is left: a waiter writes nothing.
 */
final class WordWait {
  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private static final int MAX_WORDS = 128;

  private final AtomicAccess access;
  private final SystemCalls calls;

  WordWait(AtomicAccess access, SystemCalls calls) {
    this.access = access;
    this.calls = calls;
  }

  boolean await(long offset, int value, Duration timeout) throws InterruptedException {
    access.span.enterWait();
    try {
      return awaitInside(offset, value, timeout);
    } finally {
      access.span.leaveWait();
    }
  }

  /** Sleeps once; returns whether the time is over. */
  boolean sleep(long offset, int value, long nanos) {
    access.span.enterWait();
    try {
      long address = access.alignedReadAddress(offset, Integer.BYTES);
      return calls.waitOnWord(address, value, slice(nanos)) == SystemCalls.Wait.TIMED_OUT;
    } finally {
      access.span.leaveWait();
    }
  }

  /** Sleeps once; returns whether the time is over. */
  boolean sleep(long[] offsets, int[] values, long nanos) {
    if (offsets.length < 1 || offsets.length > MAX_WORDS || offsets.length != values.length) {
      throw new IllegalArgumentException(
          "a wait for "
              + offsets.length
              + " words with "
              + values.length
              + " values was asked for: name 1 to "
              + MAX_WORDS
              + ", and as many values");
    }
    access.span.enterWait();
    try {
      long[] addresses = new long[offsets.length];
      for (int i = 0; i < offsets.length; i++) {
        addresses[i] = access.alignedReadAddress(offsets[i], Integer.BYTES);
      }
      return calls.waitOnWords(addresses, values, slice(nanos)) == SystemCalls.Wait.TIMED_OUT;
    } finally {
      access.span.leaveWait();
    }
  }

  private static long slice(long nanos) {
    return Math.max(0, Math.min(nanos, SLICE_NANOS));
  }

  private boolean awaitInside(long offset, int value, Duration timeout)
      throws InterruptedException {
    long limit = Nanos.saturated(timeout);
    long start = calls.nanoTime();
    while (true) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while waiting for offset " + offset);
      }
      if (access.getIntVolatile(offset) != value) {
        return true;
      }
      long left = limit - (calls.nanoTime() - start);
      if (left <= 0) {
        return false;
      }
      long address = access.alignedReadAddress(offset, Integer.BYTES);
      calls.waitOnWord(address, value, Math.min(left, SLICE_NANOS));
    }
  }
}
