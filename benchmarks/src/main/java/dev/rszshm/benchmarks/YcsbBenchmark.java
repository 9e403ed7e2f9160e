package dev.rszshm.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** The workloads of YCSB, by one process and by two, beside Chronicle Map and LMDB. */
final class YcsbBenchmark implements Benchmark {
  private static final long AREA = 1 << 14;
  private static final int OPERATIONS = 50_000;
  private static final List<Integer> PROCESSES = List.of(1, 2);

  @Override
  public String name() {
    return "ycsb";
  }

  @Override
  public String run(Options options) throws Exception {
    List<String> works = options.words("--work");
    List<Integer> processes = options.counts("--processes", PROCESSES.toArray(Integer[]::new));
    ContestTables tables = new ContestTables();
    for (Contest contest : contests(processes)) {
      if (works.isEmpty() || works.contains(contest.setting().work())) {
        contest.run(options, tables);
      }
    }
    return tables.toString();
  }

  private static List<Contest> contests(List<Integer> processes) {
    List<Contest> contests = new ArrayList<>();
    for (String work : List.of("ycsb-a", "ycsb-b", "ycsb-c", "ycsb-d")) {
      for (int members : processes) {
        contests.add(
            new Contest(
                new LapSetting(work, members, placement(members), OPERATIONS),
                List.of(LapFigure.MEAN),
                List.of(map(YcsbTarget.SHARED), map(YcsbTarget.CHRONICLE), map(YcsbTarget.LMDB)),
                List.of(
                    Goal.of(YcsbTarget.SHARED, YcsbTarget.CHRONICLE, 1),
                    Goal.of(YcsbTarget.SHARED, YcsbTarget.LMDB, 1))));
      }
    }
    return contests;
  }

  /** Two are apart, which the tables say. */
  private static Placement placement(int members) {
    return members == 1 ? Placement.FREE : Placement.APART;
  }

  private static Contestant map(String kind) {
    List<String> flags = new ArrayList<>(MapBenchmark.FLAGS);
    flags.addAll(List.of("-Xmx512m"));
    return Contestant.java(kind, kind, AREA, flags);
  }
}
