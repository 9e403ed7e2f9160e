package dev.rszshm.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The table of times. */
final class AllocationTimes {
  private static final String NONE = "";

  private final List<String> others;
  private final Table table;
  private boolean isEmpty = true;

  /**
   * Makes it, empty.
   *
   * @param others names of peers that have a column of their own beside those that always have one
   */
  AllocationTimes(List<String> others) {
    this.others = others;
    this.table =
        new Table(
            "Steady state. Nanoseconds of a lap over the operations of all members; ours over those"
                + " of the others round by round, the median and for two of them the quartiles;"
                + " Boost over ours, so that large is good there as well.",
            Stream.of(
                    Stream.of(
                        "work",
                        "members",
                        "ours ns",
                        "ours / mimalloc",
                        "quartiles",
                        "ours / jemalloc",
                        "ours / glibc",
                        "ours / Unsafe",
                        "Boost / ours",
                        "quartiles"),
                    others.stream().map(name -> "ours / " + name),
                    Stream.of("wanted", ""))
                .flatMap(names -> names)
                .toArray(String[]::new));
  }

  /** Adds a row; a wanted value of 0 is none. */
  void add(
      AllocationSetting setting,
      List<AllocationPeer> peers,
      Rounds rounds,
      double mostOfMimalloc,
      double leastOfBoost,
      double mostNanos) {
    List<String> names = peers.stream().map(AllocationPeer::name).toList();
    int ours = names.indexOf(AllocationPeer.OURS);
    int mimalloc = names.indexOf(AllocationPeer.MIMALLOC);
    int boost = names.indexOf(AllocationPeer.BOOST);
    Samples ofMimalloc = mimalloc < 0 ? null : rounds.ratios(ours, mimalloc);
    Samples ofBoost = boost < 0 ? null : rounds.ratios(boost, ours);
    double nanos = rounds.of(ours).median();
    isEmpty = false;
    List<Object> cells =
        new ArrayList<>(
            List.of(
                "`" + setting.work() + "`",
                setting.mode(),
                Table.number(nanos),
                median(ofMimalloc, "**"),
                spread(ofMimalloc),
                ratio(rounds, ours, names.indexOf(AllocationPeer.JEMALLOC)),
                ratio(rounds, ours, names.indexOf(AllocationPeer.GLIBC)),
                ratio(rounds, ours, names.indexOf(AllocationPeer.UNSAFE)),
                median(ofBoost, "**"),
                spread(ofBoost)));
    for (String other : others) {
      cells.add(ratio(rounds, ours, names.indexOf(other)));
    }
    cells.add(wanted(mostOfMimalloc, leastOfBoost, mostNanos));
    cells.add(verdict(nanos, ofMimalloc, ofBoost, mostOfMimalloc, leastOfBoost, mostNanos));
    table.row(cells.toArray());
  }

  private static String median(Samples samples, String mark) {
    return samples == null ? NONE : mark + Table.number(samples.median()) + mark;
  }

  private static String spread(Samples samples) {
    return samples == null ? NONE : samples.spread("%.2f");
  }

  private static String ratio(Rounds rounds, int dividend, int divisor) {
    return divisor < 0 ? NONE : median(rounds.ratios(dividend, divisor), "");
  }

  private static String wanted(double mostOfMimalloc, double leastOfBoost, double mostNanos) {
    return String.join(
        ", ",
        Stream.of(
                mostOfMimalloc == 0 ? NONE : "mimalloc ≤ " + mostOfMimalloc,
                leastOfBoost == 0 ? NONE : "Boost ≥ " + leastOfBoost,
                mostNanos == 0 ? NONE : "≤ " + mostNanos + " ns")
            .filter(text -> !text.isEmpty())
            .toList());
  }

  /** One word for each thing wanted, where the peer was there. */
  private static String verdict(
      double nanos,
      Samples ofMimalloc,
      Samples ofBoost,
      double mostOfMimalloc,
      double leastOfBoost,
      double mostNanos) {
    return String.join(
        ", ",
        Stream.of(
                mostOfMimalloc == 0 || ofMimalloc == null
                    ? NONE
                    : Table.verdict(ofMimalloc.median() <= mostOfMimalloc),
                leastOfBoost == 0 || ofBoost == null
                    ? NONE
                    : Table.verdict(ofBoost.median() >= leastOfBoost),
                mostNanos == 0 ? NONE : Table.verdict(nanos <= mostNanos))
            .filter(text -> !text.isEmpty())
            .toList());
  }

  void addTo(List<String> parts) {
    if (!isEmpty) {
      parts.add(table.toString());
    }
  }
}
