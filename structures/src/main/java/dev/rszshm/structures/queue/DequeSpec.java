package dev.rszshm.structures.queue;

/**
 * How a deque is made. All processes name the same.
 *
 * @param capacity the most elements; 0 for any number
 */
public record DequeSpec(long capacity) {
  /** The greatest capacity. */
  public static final long MAX_CAPACITY = Long.MAX_VALUE >> 1;

  /** Checks the number. */
  public DequeSpec {
    if (capacity < 0 || capacity > MAX_CAPACITY) {
      throw new IllegalArgumentException(
          "found a capacity of "
              + capacity
              + " elements, expected 0, which means any number, to "
              + MAX_CAPACITY);
    }
  }

  /** Returns a deque with as many elements as there is memory for. */
  public static DequeSpec unbounded() {
    return new DequeSpec(0);
  }

  /**
   * Returns a deque with so many elements at most, which makes those wait who put more.
   *
   * @throws IllegalArgumentException if the capacity is not positive
   */
  public static DequeSpec bounded(long capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException(
          "found a capacity of " + capacity + " elements, expected 1 or more");
    }
    return new DequeSpec(capacity);
  }

  boolean isBounded() {
    return capacity != 0;
  }

  /** The word of the layout that says it all; not 0. */
  long encode() {
    return capacity << 1 | 1;
  }

  /**
   * What a word of the layout says.
   *
   * @throws IllegalArgumentException if it says nothing
   */
  static DequeSpec decode(long word) {
    if ((word & 1) == 0) {
      throw new IllegalArgumentException("found an even number, expected an odd one");
    }
    return new DequeSpec(word >>> 1);
  }
}
