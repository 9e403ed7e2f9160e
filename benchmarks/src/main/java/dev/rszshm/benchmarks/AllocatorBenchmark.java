package dev.rszshm.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** What allocating and freeing cost, beside others who do that. */
final class AllocatorBenchmark implements Benchmark {
  private static final double MOST_OF_SLOTS = 3;

  /**
   * A row of the table.
   *
   * @param mostOfMimalloc wanted at most of mimalloc's time, or 0
   * @param leastOfBoost wanted at least of Boost's time over ours, or 0
   * @param mostNanos wanted at most, or 0
   */
  private record Row(
      String work,
      int members,
      boolean processes,
      int operations,
      double mostOfMimalloc,
      double leastOfBoost,
      double mostNanos) {
    static Row of(String work, int members, boolean processes, int operations) {
      return new Row(work, members, processes, operations, 0, 0, 0);
    }

    AllocationSetting setting(Options options) {
      return new AllocationSetting(
          work, processes, members, options.count("--operations", operations));
    }
  }

  private static final int PAIRS = 1_000_000;
  private static final int SOME = 200_000;
  private static final int WRITES = 5_000_000;
  private static final int STRESS = 20_000;

  private static final List<Row> ROWS =
      List.of(
          new Row("pair", 1, false, PAIRS, 1.0, 10, 0),
          new Row("churn", 1, false, SOME, 1.3, 100, 0),
          new Row("churn", 2, true, SOME, 1.3, 100, 0),
          new Row("handover", 2, true, SOME, 0, 0, 30),
          Row.of("handover", 2, false, SOME),
          Row.of("threadtest", 2, false, SOME),
          Row.of("threadtest", 2, true, SOME),
          Row.of("larson", 2, false, SOME),
          Row.of("larson", 2, true, SOME),
          Row.of("xmalloc-test", 4, false, SOME),
          Row.of("xmalloc-test", 4, true, SOME),
          Row.of("mstress", 2, false, STRESS),
          Row.of("mstress", 2, true, STRESS),
          Row.of("cache-scratch", 2, false, WRITES),
          Row.of("cache-scratch", 2, true, WRITES),
          Row.of("sh8bench", 2, false, SOME),
          Row.of("sh8bench", 2, true, SOME));

  @Override
  public String name() {
    return "allocator";
  }

  @Override
  public String run(Options options) throws Exception {
    AllocationPeer.All all = AllocationPeer.All.find(options.words("--preload"));
    List<String> works = options.words("--work");
    AllocationTimes times = new AllocationTimes(all.others());
    AllocationMemory memory = new AllocationMemory(all.others());
    for (Row row : ROWS) {
      if (works.isEmpty() || works.contains(row.work)) {
        measure(options, row, all.peers(), times, memory);
      }
    }
    List<String> parts = new ArrayList<>();
    times.addTo(parts);
    if (works.isEmpty() || works.contains("slots")) {
      parts.add(slots(options).toString());
    }
    memory.addTo(parts);
    if (!all.missing().isEmpty()) {
      parts.add("Not measured, because not installed: " + String.join("; ", all.missing()) + ".\n");
    }
    return String.join("\n", parts);
  }

  private static void measure(
      Options options,
      Row row,
      List<AllocationPeer> peers,
      AllocationTimes times,
      AllocationMemory memory)
      throws Exception {
    AllocationSetting setting = row.setting(options);
    List<AllocationGroup> groups = new ArrayList<>();
    try {
      for (AllocationPeer peer : peers) {
        groups.add(peer.start(setting));
      }
      Rounds rounds = alternate(options, groups);
      times.add(setting, peers, rounds, row.mostOfMimalloc, row.leastOfBoost, row.mostNanos);
      if (AllocationMemory.WORKS.contains(row.work)) {
        memory.add(setting, peers, groups);
      }
    } finally {
      for (AllocationGroup group : groups) {
        group.close();
      }
    }
  }

  private static Rounds alternate(Options options, List<AllocationGroup> groups) throws Exception {
    for (int i = 0; i < options.count("--warmup", 20); i++) {
      for (AllocationGroup group : groups) {
        group.lap();
      }
    }
    return Rounds.alternate(
        options.count("--rounds", 15),
        groups.stream()
            .map(group -> (Rounds.Measurement) () -> group.lap().nanosPerOperation())
            .toArray(Rounds.Measurement[]::new));
  }

  private static Table slots(Options options) throws Exception {
    Table table =
        new Table(
            "`allocateInto` and `freeFrom` beside `allocate` and `free`, 64 bytes, one thread;"
                + " nanoseconds, and the ratio round by round.",
            "with slots",
            "without",
            "ratio",
            "quartiles",
            "wanted",
            "");
    int operations = options.count("--operations", PAIRS);
    try (AllocationGroup with =
            new JavaAllocations("heap", new AllocationSetting("slots", false, 1, operations));
        AllocationGroup without =
            new JavaAllocations("heap", new AllocationSetting("pair", false, 1, operations))) {
      Rounds rounds = alternate(options, List.of(with, without));
      Samples ratios = rounds.ratios(0, 1);
      table.row(
          Table.number(rounds.of(0).median()),
          Table.number(rounds.of(1).median()),
          "**" + Table.number(ratios.median()) + "**",
          ratios.spread("%.2f"),
          "≤ " + MOST_OF_SLOTS,
          Table.verdict(ratios.median() <= MOST_OF_SLOTS));
    }
    return table;
  }
}
