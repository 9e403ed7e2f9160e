package dev.rszshm.benchmarks;

import java.util.List;

/** What it costs to append to a list, beside a list of the JVM under a lock. */
final class ListBenchmark implements Benchmark {
  private static final long AREA = 1 << 14;
  private static final double MOST = 2;
  private static final int APPENDS = 500_000;

  @Override
  public String name() {
    return "list";
  }

  @Override
  public String run(Options options) throws Exception {
    List<String> works = options.words("--work");
    ContestTables tables = new ContestTables();
    for (Contest contest : contests()) {
      if (works.isEmpty() || works.contains(contest.setting().work())) {
        contest.run(options, tables);
      }
    }
    return tables.toString();
  }

  private static List<Contest> contests() {
    return List.of(
        contest(ListWorks.APPEND, Goal.of(ListTarget.LONGS, ListTarget.JVM, MOST)),
        contest(ListWorks.GET, Goal.of(ListTarget.LONGS, ListTarget.JVM, 0)));
  }

  private static Contest contest(String work, Goal ofLongs) {
    return new Contest(
        LapSetting.alone(work, APPENDS),
        List.of(LapFigure.MEAN),
        List.of(list(ListTarget.LONGS), list(ListTarget.OBJECTS), list(ListTarget.JVM)),
        List.of(ofLongs, Goal.of(ListTarget.OBJECTS, ListTarget.JVM, ofLongs.most())));
  }

  private static Contestant list(String kind) {
    return Contestant.java(kind, kind, AREA, List.of("-Xmx512m"));
  }
}
