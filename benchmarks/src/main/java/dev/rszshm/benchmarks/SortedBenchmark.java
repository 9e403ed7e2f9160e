package dev.rszshm.benchmarks;

import java.util.List;

/** What a sorted map costs, beside LMDB and that of the JVM. */
final class SortedBenchmark implements Benchmark {
  private static final String OURS = SortedTarget.SHARED;
  private static final String LMDB = SortedTarget.LMDB;
  private static final String JVM = SortedTarget.SKIP_LIST;

  /** LMDB's binding makes buffers of its own memory. */
  private static final List<String> FLAGS =
      List.of(
          "-Xmx1g",
          "--add-opens=java.base/java.nio=ALL-UNNAMED",
          "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");

  private static final long AREA = 1 << 14;

  @Override
  public String name() {
    return "sorted";
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
    return List.of(contest("sorted-get", 500_000), contest("sorted-scan", 20_000));
  }

  private static Contest contest(String work, int operations) {
    return new Contest(
        LapSetting.alone(work, operations),
        List.of(LapFigure.MEAN),
        List.of(map(OURS), map(LMDB), map(JVM)),
        List.of(Goal.of(OURS, LMDB, 1), Goal.of(OURS, JVM, 0)));
  }

  private static Contestant map(String kind) {
    return Contestant.java(kind, kind, AREA, FLAGS);
  }
}
