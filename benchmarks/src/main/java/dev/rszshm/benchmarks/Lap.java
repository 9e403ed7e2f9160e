package dev.rszshm.benchmarks;

/**
 * What a lap took.
 *
 * @param nanos from the first start to the last end
 * @param operations of all members
 */
record Lap(long nanos, long operations) {
  double nanosPerOperation() {
    return (double) nanos / operations;
  }
}
