package dev.rszshm.benchmarks;

/**
 * Measures things in turn, A B A B …, so that whatever else the machine does meets all of them.
 * Ratios are formed within each round; their median is what counts.
 */
final class Rounds {
  /** One measurement of a time. */
  interface Measurement {
    double take() throws Exception;
  }

  /** For each measurement its value in each round. */
  private final double[][] values;

  private Rounds(double[][] values) {
    this.values = values;
  }

  /** Values that were taken in turn, those of each measurement in the order of the rounds. */
  static Rounds of(double[][] values) {
    return new Rounds(values);
  }

  static Rounds alternate(int rounds, Measurement... measurements) throws Exception {
    double[][] values = new double[measurements.length][rounds];
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < measurements.length; i++) {
        values[i][round] = measurements[i].take();
      }
    }
    return new Rounds(values);
  }

  /** The values of one measurement. */
  Samples of(int measurement) {
    return Samples.of(values[measurement]);
  }

  /** One over another, round by round. */
  Samples ratios(int dividend, int divisor) {
    double[] ratios = new double[values[dividend].length];
    for (int round = 0; round < ratios.length; round++) {
      ratios[round] = values[dividend][round] / values[divisor][round];
    }
    return Samples.of(ratios);
  }
}
