package dev.rszshm.heap.view;

import dev.rszshm.heap.Region;
import dev.rszshm.heap.internal.place.Places;

/**
 * A 64-bit number that any number of threads and processes can change.
 *
 * <p>It lives in 8 bytes of the heap, at an offset that is a multiple of 8; every counter there is
 * the same one. Zero bytes are a counter at 0. Every method is atomic with volatile order, and
 * wraps around at the ends. If the process dies in one, the change has happened or it has not.
 */
public final class LongCounter {
  /** The length of a counter in bytes. */
  public static final int LENGTH = Long.BYTES;

  private final Region region;
  private final long offset;

  private LongCounter(Region region, long offset) {
    this.region = region;
    this.offset = offset;
  }

  /**
   * Returns the counter at an offset.
   *
   * @throws IndexOutOfBoundsException if it does not lie within the region
   * @throws IllegalArgumentException if the offset is not a multiple of 8
   */
  public static LongCounter at(Region region, long offset) {
    Places.note(region, LongCounter.class, offset, Long.BYTES);
    region.getLongVolatile(offset); // which checks the offset
    return new LongCounter(region, offset);
  }

  /** Returns the value. */
  public long get() {
    return region.getLongVolatile(offset);
  }

  /** Sets the value. */
  public void set(long value) {
    region.putLongVolatile(offset, value);
  }

  /** Adds to the value, and returns what it was before. */
  public long getAndAdd(long delta) {
    return region.getAndAddLong(offset, delta);
  }

  /** Adds 1 to the value, and returns what it was before. */
  public long getAndIncrement() {
    return getAndAdd(1);
  }

  /** Adds to the value, and returns what it is then. */
  public long addAndGet(long delta) {
    return getAndAdd(delta) + delta;
  }

  /** Sets the value if it is the expected one, and returns whether it was. */
  public boolean compareAndSet(long expected, long value) {
    return region.compareAndSetLong(offset, expected, value);
  }

  @Override
  public String toString() {
    return Long.toString(get());
  }
}
