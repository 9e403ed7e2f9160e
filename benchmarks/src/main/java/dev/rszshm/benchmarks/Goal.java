package dev.rszshm.benchmarks;

/**
 * A ratio to form, and what is wanted of it.
 *
 * @param figure of a lap
 * @param ours the name of a contestant
 * @param peer the name of another one
 * @param most wanted at most of the peer's time, or 0
 */
record Goal(LapFigure figure, String ours, String peer, double most) {
  /** For the mean times. */
  static Goal of(String ours, String peer, double most) {
    return new Goal(LapFigure.MEAN, ours, peer, most);
  }
}
