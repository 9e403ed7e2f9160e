package dev.rszshm.heap.view;

import dev.rszshm.heap.Region;
import dev.rszshm.heap.errors.DamagedHeapException;
import dev.rszshm.heap.internal.place.Places;

/**
 * A sum that many threads and processes add to at the same time. Each thread adds to one of several
 * stripes, which lie on cache lines of their own, so that threads seldom delay each other; reading
 * the sum adds the stripes up. The idea is that of {@link java.util.concurrent.atomic.LongAdder}.
 *
 * <p><b>Layout</b>: {@code StripedCounterLayout}, in 128 bytes and 128 more for each stripe, from
 * an offset that is a multiple of 8 (of 128, to be fast).
 *
 * <p><b>Protocol</b>: (1) {@link #at(Region, long, int)} changes the number of stripes from 0, by
 * compare-and-set, since a counter of zeros is one at 0; (2) {@link #add} adds to one stripe,
 * atomically; (3) {@link #sum} reads every stripe.
 *
 * <p><b>If a process dies here</b>: (1) the counter is there or it is not; (2) the delta has been
 * added or it has not; (3) nothing.
 *
 * <p>Any number of threads and processes may use it. The sum contains every addition that ended
 * before {@link #sum} was called, and may or may not contain those that run at the same time.
 */
public final class StripedCounter {
  private static final int SPREAD = 0x9e37_79b9;

  private final Region region;
  private final long offset;
  private final int stripes;

  private StripedCounter(Region region, long offset, int stripes) {
    this.region = region;
    this.offset = offset;
    this.stripes = stripes;
  }

  /**
   * Returns the length of a counter in bytes.
   *
   * @param stripes 1 to 1024, a power of two
   */
  public static long length(int stripes) {
    return StripedCounterLayout.length(requireStripes(stripes));
  }

  /**
   * Returns the counter at an offset, and makes one there if the bytes are zeros. Any number of
   * threads and processes may do that at once.
   *
   * @param stripes 1 to 1024, a power of two; about the number of processors is enough
   * @throws IllegalArgumentException if it is not, or a counter is there with another number of
   *     stripes
   * @throws IndexOutOfBoundsException if the counter does not lie within the region
   * @throws DamagedHeapException if something else is there
   */
  public static StripedCounter at(Region region, long offset, int stripes) {
    Places.note(region, StripedCounter.class, offset, length(stripes));
    region.region(offset, StripedCounterLayout.length(requireStripes(stripes)));
    long word = offset + StripedCounterLayout.STRIPES;
    if (region.getLongAcquire(word) == 0) {
      region.compareAndSetLong(word, 0, stripes);
    }
    StripedCounter counter = at(region, offset);
    if (counter.stripes != stripes) {
      throw new IllegalArgumentException(
          "the striped counter at offset "
              + offset
              + " has "
              + counter.stripes
              + " stripes, expected "
              + stripes
              + ": ask for as many as it has, or for no number");
    }
    return counter;
  }

  /**
   * Returns the counter that was made at an offset, with as many stripes as it has.
   *
   * @throws DamagedHeapException if there is none
   * @throws IndexOutOfBoundsException if it does not lie within the region
   */
  public static StripedCounter at(Region region, long offset) {
    long stripes = region.getLongAcquire(offset + StripedCounterLayout.STRIPES);
    if (!isStripes(stripes)) {
      throw new DamagedHeapException(
          "there is no striped counter at offset "
              + offset
              + ": found "
              + stripes
              + " stripes, expected a power of two from 1 to "
              + StripedCounterLayout.MAX_STRIPES
              + ". Make it first, by StripedCounter.at with a number of stripes");
    }
    region.region(offset, StripedCounterLayout.length((int) stripes));
    return new StripedCounter(region, offset, (int) stripes);
  }

  private static int requireStripes(int stripes) {
    if (!isStripes(stripes)) {
      throw new IllegalArgumentException(
          "a striped counter has a power of two from 1 to "
              + StripedCounterLayout.MAX_STRIPES
              + " stripes, found "
              + stripes);
    }
    return stripes;
  }

  private static boolean isStripes(long stripes) {
    return stripes >= 1
        && stripes <= StripedCounterLayout.MAX_STRIPES
        && (stripes & (stripes - 1)) == 0;
  }

  /** Adds to the sum, atomically with volatile order. */
  public void add(long delta) {
    int stripe = stripeOf(Thread.currentThread());
    region.getAndAddLong(offset + StripedCounterLayout.stripe(stripe), delta);
  }

  /** Adds 1 to the sum. */
  public void increment() {
    add(1);
  }

  /** Returns the sum of all stripes, each read with volatile order. */
  public long sum() {
    long sum = 0;
    for (int i = 0; i < stripes; i++) {
      sum += region.getLongVolatile(offset + StripedCounterLayout.stripe(i));
    }
    return sum;
  }

  /** Spreads threads over the stripes, and the threads of several processes as well. */
  private int stripeOf(Thread thread) {
    long id = thread.getId() + region.processId();
    return (((int) id * SPREAD) >>> 16) & (stripes - 1);
  }

  @Override
  public String toString() {
    return Long.toString(sum());
  }
}
