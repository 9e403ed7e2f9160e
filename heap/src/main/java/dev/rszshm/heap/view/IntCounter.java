package dev.rszshm.heap.view;

import dev.rszshm.heap.Region;
import dev.rszshm.heap.internal.place.Places;

/**
 * A 32-bit number that any number of threads and processes can change.
 *
 * <p>It lives in 4 bytes of the heap, at an offset that is a multiple of 4; every counter there is
 * the same one. Zero bytes are a counter at 0. Every method is atomic with volatile order, and
 * wraps around at the ends. If the process dies in one, the change has happened or it has not.
 */
public final class IntCounter {
  /** The length of a counter in bytes. */
  public static final int LENGTH = Integer.BYTES;

  private final Region region;
  private final long offset;

  private IntCounter(Region region, long offset) {
    this.region = region;
    this.offset = offset;
  }

  /**
   * Returns the counter at an offset.
   *
   * @throws IndexOutOfBoundsException if it does not lie within the region
   * @throws IllegalArgumentException if the offset is not a multiple of 4
   */
  public static IntCounter at(Region region, long offset) {
    Places.note(region, IntCounter.class, offset, Integer.BYTES);
    region.getIntVolatile(offset); // which checks the offset
    return new IntCounter(region, offset);
  }

  /** Returns the value. */
  public int get() {
    return region.getIntVolatile(offset);
  }

  /** Sets the value. */
  public void set(int value) {
    region.putIntVolatile(offset, value);
  }

  /** Adds to the value, and returns what it was before. */
  public int getAndAdd(int delta) {
    return region.getAndAddInt(offset, delta);
  }

  /** Adds 1 to the value, and returns what it was before. */
  public int getAndIncrement() {
    return getAndAdd(1);
  }

  /** Adds to the value, and returns what it is then. */
  public int addAndGet(int delta) {
    return getAndAdd(delta) + delta;
  }

  /** Sets the value if it is the expected one, and returns whether it was. */
  public boolean compareAndSet(int expected, int value) {
    return region.compareAndSetInt(offset, expected, value);
  }

  @Override
  public String toString() {
    return Integer.toString(get());
  }
}
