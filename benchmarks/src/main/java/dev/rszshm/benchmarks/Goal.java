package dev.rszshm.benchmarks;

/**
 * A ratio to form, or a time, and what is wanted of it.
 *
 * @param figure of a lap
 * @param ours the name of a contestant
 * @param peer the name of another one; empty for none
 * @param most wanted at most of the peer's time, or nanoseconds if there is none; 0 if nothing is
 */
record Goal(LapFigure figure, String ours, String peer, double most) {
  /** For a time itself, in nanoseconds. */
  static Goal within(LapFigure figure, String ours, double most) {
    return new Goal(figure, ours, "", most);
  }

  /** For the mean times. */
  static Goal of(String ours, String peer, double most) {
    return new Goal(LapFigure.MEAN, ours, peer, most);
  }
}
