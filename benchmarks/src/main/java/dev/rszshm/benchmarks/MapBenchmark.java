package dev.rszshm.benchmarks;

import java.util.List;

/** What a map costs, beside that of the JVM and Chronicle Map. */
final class MapBenchmark implements Benchmark {
  private static final String OURS = MapTarget.SHARED;
  private static final String JVM = MapTarget.CONCURRENT;
  private static final String CHRONICLE = MapTarget.CHRONICLE;

  /** What Chronicle Map wants from 17 on, and that it shall not call home. */
  static final List<String> FLAGS =
      List.of(
          "-Xmx2g",
          "-Dchronicle.analytics.disable=true",
          "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
          "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
          "--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED",
          "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED",
          "--add-opens=jdk.compiler/com.sun.tools.javac=ALL-UNNAMED",
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
          "--add-opens=java.base/java.io=ALL-UNNAMED",
          "--add-opens=java.base/java.nio=ALL-UNNAMED",
          "--add-opens=java.base/java.util=ALL-UNNAMED",
          "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");

  private static final long AREA = 1 << 14;
  private static final int KEY = Long.BYTES;

  @Override
  public String name() {
    return "map";
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
    return tables + "\n" + memory(options);
  }

  private static List<Contest> contests() {
    return List.of(
        contest("map-get", 500_000, Goal.of(OURS, JVM, 1.5), Goal.of(OURS, CHRONICLE, 0.25)),
        contest("map-update", 500_000, Goal.of(OURS, CHRONICLE, 0.5), Goal.of(OURS, JVM, 0)),
        contest("map-update-length", 500_000, Goal.of(OURS, CHRONICLE, 0.5)),
        contest(
            "map-insert", MapWorks.ENTRIES, Goal.of(OURS, JVM, 1.5), Goal.of(OURS, CHRONICLE, 0)));
  }

  private static Contest contest(String work, int operations, Goal... goals) {
    return new Contest(
        LapSetting.alone(work, operations),
        List.of(LapFigure.MEAN),
        List.of(map(OURS), map(JVM), map(CHRONICLE)),
        List.of(goals));
  }

  private static Contestant map(String kind) {
    return Contestant.java(kind, kind, AREA, FLAGS);
  }

  private static String memory(Options options) throws Exception {
    int operations = options.count("--operations", MapWorks.ENTRIES / 2);
    int content = KEY + MapWorks.VALUE;
    Table table =
        new Table(
            "Bytes for each entry of " + content + ", tables and all.",
            "by",
            "bytes",
            "wanted",
            "");
    long most = Math.round(1.3 * (content + 16));
    for (String kind : List.of(OURS, CHRONICLE)) {
      try (LapGroup group = map(kind).start().start(LapSetting.alone("map-get", operations))) {
        group.lap();
        long bytes = group.finding(0);
        boolean ours = kind.equals(OURS);
        table.row(kind, bytes, ours ? "≤ " + most : "", ours ? Table.verdict(bytes <= most) : "");
      }
    }
    return table.toString();
  }
}
