package dev.rszshm.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** What a queue costs between two processes, beside a channel. */
final class QueueBenchmark implements Benchmark {
  private static final double MOST = 1.5;
  private static final long LINKS = 2L * MessageLink.LENGTH;

  @Override
  public String name() {
    return "queue";
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
    List<Contestant> contestants = new ArrayList<>();
    for (String kind :
        List.of(
            MessageLink.QUEUE,
            MessageLink.QUEUE_SPINNING,
            MessageLink.SLOTS,
            MessageLink.SLOTS_SPINNING)) {
      contestants.add(Contestant.java(kind, kind, LINKS, List.of()));
    }
    List<Goal> goals =
        List.of(
            Goal.of(MessageLink.QUEUE, MessageLink.SLOTS, MOST),
            Goal.of(MessageLink.QUEUE_SPINNING, MessageLink.SLOTS_SPINNING, MOST));
    return List.of(
        new Contest(
            LapSetting.pair("one-way-32", Placement.APART, 300_000),
            List.of(LapFigure.MEAN),
            contestants,
            goals));
  }
}
