package dev.rszshm.benchmarks;

import java.util.SplittableRandom;

/**
 * Numbers from 0 up of which small ones come most often, as in YCSB: by Gray and others, "Quickly
 * generating billion-record synthetic databases", 1994, with the constant 0.99.
 */
final class Zipfian {
  private static final double THETA = 0.99;

  private final SplittableRandom random;
  private final int count;
  private final double zeta;
  private final double alpha = 1 / (1 - THETA);
  private final double eta;
  private final double second = 1 + Math.pow(0.5, THETA);

  Zipfian(int count, long seed) {
    this.random = new SplittableRandom(seed);
    this.count = count;
    double sum = 0;
    for (int i = 1; i <= count; i++) {
      sum += 1 / Math.pow(i, THETA);
    }
    this.zeta = sum;
    this.eta = (1 - Math.pow(2.0 / count, 1 - THETA)) / (1 - second / zeta);
  }

  /** The next number, less than the count. */
  int next() {
    double part = random.nextDouble();
    double scaled = part * zeta;
    if (scaled < 1) {
      return 0;
    }
    if (scaled < second) {
      return 1;
    }
    return (int) Math.min(count - 1, count * Math.pow(eta * part - eta + 1, alpha));
  }
}
