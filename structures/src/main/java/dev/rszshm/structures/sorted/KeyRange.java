package dev.rszshm.structures.sorted;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A part of all keys, in the order of their bytes.
 *
 * @param low null: from the first
 * @param high null: to the last
 */
record KeyRange(
    byte @Nullable [] low, boolean lowInclusive, byte @Nullable [] high, boolean highInclusive) {
  static final KeyRange ALL = new KeyRange(null, true, null, true);

  boolean isAll() {
    return low == null && high == null;
  }

  byte @Nullable [] end(boolean upper) {
    return upper ? high : low;
  }

  boolean isInclusive(boolean upper) {
    return upper ? highInclusive : lowInclusive;
  }

  /** Whether a key is not beyond an end. */
  boolean isWithin(byte[] key, boolean upper) {
    byte[] end = end(upper);
    if (end == null) {
      return true;
    }
    int order = upper ? Arrays.compareUnsigned(key, end) : Arrays.compareUnsigned(end, key);
    return order < 0 || (order == 0 && isInclusive(upper));
  }

  boolean contains(byte[] key) {
    return isWithin(key, false) && isWithin(key, true);
  }

  /** Whether another range can end, or begin, at a key. */
  private boolean canEndAt(byte[] key, boolean inclusive) {
    if (inclusive) {
      return contains(key);
    }
    return (low == null || Arrays.compareUnsigned(low, key) <= 0)
        && (high == null || Arrays.compareUnsigned(key, high) <= 0);
  }

  /**
   * A part of this one.
   *
   * @param from null: as this
   * @param to null: as this
   */
  KeyRange part(
      byte @Nullable [] from, boolean fromInclusive, byte @Nullable [] to, boolean toInclusive) {
    if (from != null && to != null && Arrays.compareUnsigned(from, to) > 0) {
      throw new IllegalArgumentException("found a range that ends before it begins");
    }
    if ((from != null && !canEndAt(from, fromInclusive))
        || (to != null && !canEndAt(to, toInclusive))) {
      throw new IllegalArgumentException("found a range that is not within that of this view");
    }
    return new KeyRange(
        from == null ? low : from,
        from == null ? lowInclusive : fromInclusive,
        to == null ? high : to,
        to == null ? highInclusive : toInclusive);
  }
}
