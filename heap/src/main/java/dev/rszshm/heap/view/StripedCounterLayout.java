package dev.rszshm.heap.view;

/**
 * A striped counter.
 *
 * <pre>
 * OFFSET  SIZE DESCRIPTION
 *      0     8 number of stripes, a power of two
 *      8   120 unused
 *    128     8 first stripe: its part of the sum
 *    136   120 unused
 *    256   ... one stripe every 128 bytes
 * </pre>
 */
final class StripedCounterLayout {
  static final int STRIPES = 0;
  static final int FIRST_STRIPE = 128;

  /** Two cache lines, since processors fetch them in pairs. */
  static final int STRIPE_LENGTH = 128;

  static final int MAX_STRIPES = 1024;

  private StripedCounterLayout() {}

  static long length(int stripes) {
    return FIRST_STRIPE + (long) stripes * STRIPE_LENGTH;
  }

  static long stripe(int index) {
    return FIRST_STRIPE + (long) index * STRIPE_LENGTH;
  }
}
