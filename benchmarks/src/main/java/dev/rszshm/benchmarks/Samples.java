package dev.rszshm.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/** Measured values, in ascending order. */
final class Samples {
  private final double[] sorted;

  private Samples(double[] sorted) {
    this.sorted = sorted;
  }

  static Samples of(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("no value was measured: measure at least one");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return new Samples(sorted);
  }

  double median() {
    return quantile(0.5);
  }

  /** The value below which a part of all values lies, with interpolation. */
  double quantile(double part) {
    double rank = part * (sorted.length - 1);
    int below = (int) rank;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (rank - below) * (sorted[above] - sorted[below]);
  }

  /** Lower and upper quartile. */
  String spread(String format) {
    return String.format(Locale.ROOT, format, quantile(0.25))
        + " to "
        + String.format(Locale.ROOT, format, quantile(0.75));
  }
}
