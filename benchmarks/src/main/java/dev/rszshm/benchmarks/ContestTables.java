package dev.rszshm.benchmarks;

/** The figures of contests, and the ratios of them that matter. */
final class ContestTables {
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
        Table.number(nanos.median()),
        nanos.spread("%.2f"),
        figure == LapFigure.MEAN ? Table.number(1000 / nanos.median()) : "");
  }

  void ratio(String work, Goal goal, Samples found) {
    ratios.row(
        work,
        goal.ours(),
        goal.peer(),
        goal.figure().label,
        "**" + Table.number(found.median()) + "**",
        found.spread("%.2f"),
        goal.most() == 0 ? "" : "≤ " + goal.most() + (goal.peer().isEmpty() ? " ns" : ""),
        goal.most() == 0 ? "" : Table.verdict(found.median() <= goal.most()));
  }

  @Override
  public String toString() {
    return ratios + "\n" + figures;
  }
}
