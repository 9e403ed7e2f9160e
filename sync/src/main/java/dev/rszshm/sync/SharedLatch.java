package dev.rszshm.sync;

import dev.rszshm.heap.Directory;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.place.Places;
import dev.rszshm.sync.internal.CountLayout;
import java.time.Duration;
import java.util.Locale;

/*
 * Layout
 * ------
 * CountLayout.
 *
 * Protocol
 * --------
 * make: the first 8 bytes in one step, by compare-and-set from 0. count down: one less, by
 * compare-and-set; the last one signals all. await: wait for none to be left.
 *
 * If a process dies here
 * ----------------------
 * It has counted, or not: who dies before has not, and nobody does it in its place. Before the signal: those
 * who sleep look when their slice ends.
 */

/**
 * Lets threads of any process wait until something has happened a number of times; once, with a
 * count of 1.
 *
 * <p><b>Counts of the dead are lost.</b> It cannot know who was going to count: if a process dies
 * before it has, its count is never made, and whoever waits without a time-out waits for ever. Wait
 * with one, or use a {@link RobustLatch}, which counts for the dead.
 *
 * <p>All methods may be called by any thread; counting and looking have volatile order.
 */
public final class SharedLatch {
  /** What a {@link Directory} is told that this is. */
  static final long TYPE = 0x5359_4e43_0009L;

  private static final int VERSION = 1;

  /** Bytes; the offset is a multiple of 8. */
  public static final int LENGTH = CountLayout.LENGTH;

  private final Heap heap;
  private final long offset;
  private final EventCount opened;

  private SharedLatch(Heap heap, long offset) {
    this.heap = heap;
    this.offset = offset;
    this.opened = EventCount.at(heap, offset + CountLayout.EVENTS);
  }

  /**
   * Makes a latch in 16 bytes of zeros, or finds the one that another process has made there with
   * the same count, however many are left.
   *
   * @param count 0 or more
   * @throws IllegalStateException if there is one with another count
   */
  public static SharedLatch at(Heap heap, long offset, int count) {
    Places.note(heap, SharedLatch.class, offset, LENGTH);
    if (count < 0) {
      throw new IllegalArgumentException("a latch of " + count + " was asked for: count from 0 up");
    }
    heap.compareAndSetLong(offset, 0, CountLayout.word(count, count));
    SharedLatch latch = at(heap, offset);
    int found = CountLayout.max(heap.getLongVolatile(offset));
    if (found != count) {
      throw new IllegalStateException(latch + " counts " + found + ", expected " + count);
    }
    return latch;
  }

  /** Finds the latch of a name, or makes it; see {@link Directory}. Otherwise as {@link #at}. */
  public static SharedLatch named(Directory directory, String name, int count) {
    long place = directory.place(name, TYPE, VERSION, LENGTH);
    return at(directory.heap(), place, count);
  }

  /**
   * The latch that was made at an offset.
   *
   * @throws IllegalStateException if there is none
   */
  public static SharedLatch at(Heap heap, long offset) {
    Places.note(heap, SharedLatch.class, offset, LENGTH);
    long word = heap.getLongVolatile(offset);
    if (!CountLayout.isMade(word)) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "there is no latch at offset %d of %s: found 0x%x. Make it first, by at with its size",
              offset,
              heap.path(),
              word));
    }
    return new SharedLatch(heap, offset);
  }

  /** How many counts are left. */
  public int count() {
    return CountLayout.value(heap.getLongVolatile(offset));
  }

  /** Counts one; does nothing when none is left. */
  public void countDown() {
    while (true) {
      long word = heap.getLongVolatile(offset);
      if (CountLayout.value(word) == 0) {
        return;
      }
      if (heap.compareAndSetLong(offset, word, word - 1)) {
        if (CountLayout.value(word) == 1) {
          opened.signalAll();
        }
        return;
      }
    }
  }

  /** Waits until no count is left. An interrupt is noticed within 50 ms. */
  public void await() throws InterruptedException {
    opened.await(() -> count() == 0);
  }

  /**
   * Waits until no count is left, for a limited time on the monotonic clock.
   *
   * @return whether none is left
   */
  public boolean await(Duration time) throws InterruptedException {
    return opened.await(() -> count() == 0, time);
  }

  @Override
  public String toString() {
    return "the latch at offset " + offset + " of " + heap.path();
  }
}
