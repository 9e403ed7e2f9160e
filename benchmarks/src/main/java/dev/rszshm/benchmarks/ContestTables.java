package dev.rszshm.benchmarks;

import java.util.Locale;

/** The figures of contests, and the ratios of them that matter. */
final class ContestTables {
  /** Below it two places say too little. */
  private static final double SMALL = 0.1;

  private final Table figures =
      new Table(
          "Nanoseconds of an operation in the steady state: the median of the rounds, and quartiles.",
          "work",
          "by",
          "figure",
          "ns",
          "quartiles",
          "million/s");

  private final Table ratios =
      new Table(
          "Time of the first over that of the second, round by round: median and"
              + " quartiles. Without a second, nanoseconds.",
          "work",
          "first",
          "second",
          "figure",
          "ratio",
          "quartiles",
          "wanted",
          "");

  void figure(String work, String name, LapFigure figure, Samples nanos) {
    figures.row(
        work,
        name,
        figure.label,
        number(nanos.median()),
        nanos.spread(format(nanos)),
        figure == LapFigure.MEAN ? Table.number(1000 / nanos.median()) : "");
  }

  void ratio(String work, Goal goal, Samples found) {
    ratios.row(
        work,
        goal.ours(),
        goal.peer(),
        goal.figure().label,
        "**" + number(found.median()) + "**",
        found.spread(format(found)),
        goal.most() == 0 ? "" : "≤ " + goal.most() + (goal.peer().isEmpty() ? " ns" : ""),
        goal.most() == 0 ? "" : Table.verdict(found.median() <= goal.most()));
  }

  private static String number(double value) {
    return value < SMALL ? String.format(Locale.ROOT, "%.3f", value) : Table.number(value);
  }

  private static String format(Samples samples) {
    return samples.median() < SMALL ? "%.3f" : "%.2f";
  }

  @Override
  public String toString() {
    return ratios + "\n" + figures;
  }
}
