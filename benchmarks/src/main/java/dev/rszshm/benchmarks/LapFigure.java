package dev.rszshm.benchmarks;

/** What is taken from a lap, in nanoseconds. */
enum LapFigure {
  /** From the first start to the last end, over all operations. */
  MEAN("mean") {
    @Override
    double of(LapGroup group, Lap lap) {
      return lap.nanosPerOperation();
    }
  },

  /** Half of the operations took that long at most. */
  P50("p50") {
    @Override
    double of(LapGroup group, Lap lap) {
      return group.finding(0);
    }
  },

  /** 99 of 100 operations took that long at most. */
  P99("p99") {
    @Override
    double of(LapGroup group, Lap lap) {
      return group.finding(1);
    }
  };

  final String label;

  LapFigure(String label) {
    this.label = label;
  }

  abstract double of(LapGroup group, Lap lap);
}
