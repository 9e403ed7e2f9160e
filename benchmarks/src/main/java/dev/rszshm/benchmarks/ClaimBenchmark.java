package dev.rszshm.benchmarks;

import java.nio.file.Path;

/** What one claim and one stored byte cost, in Java and in C. */
final class ClaimBenchmark implements Benchmark {
  private static final int BATCH = 64;
  private static final double WANTED = 0.9;
  private static final double WANTED_OF_BATCHES = 10;

  @Override
  public String name() {
    return "claim";
  }

  @Override
  public String run(Options options) throws Exception {
    Path program = Project.claimProgram();
    Table table =
        new Table(
            "Steady state. Rate of Java over rate of C, median of the rounds; quartiles beside it.",
            "processes",
            "claim",
            "counter",
            "C ns/byte",
            "Java ns/byte",
            "Java / C",
            "quartiles",
            "wanted",
            "");
    for (int processes : options.counts("--processes", 1, 2, 8)) {
      for (int claim : options.counts("--claims", 1, BATCH)) {
        for (int width : options.counts("--widths", 32, 64)) {
          ClaimSetting both = setting(options, processes, claim, width);
          measure(table, options, program, both, both, claim == 1 ? WANTED : 0);
        }
      }
    }
    for (int processes : options.counts("--processes", 2)) {
      measure(
          table,
          options,
          program,
          setting(options, processes, 1, 64),
          setting(options, processes, BATCH, 64),
          WANTED_OF_BATCHES);
    }
    return table.toString();
  }

  /** With larger claims a lap has more bytes, or it would be over too soon. */
  private static ClaimSetting setting(Options options, int processes, int claim, int width) {
    long bytes = options.number("--bytes", 4 << 20) * (claim == 1 ? 1 : 16);
    return new ClaimSetting(processes, bytes, claim, width);
  }

  private static void measure(
      Table table, Options options, Path program, ClaimSetting c, ClaimSetting java, double wanted)
      throws Exception {
    try (LapGroup ofC = new CClaims(program, c);
        LapGroup ofJava = new JavaClaims(java)) {
      for (int i = 0; i < options.count("--warmup", 8); i++) {
        ofC.lap();
        ofJava.lap();
      }
      Rounds rounds =
          Rounds.alternate(
              options.count("--rounds", 15),
              () -> ofC.lap().nanosPerOperation(),
              () -> ofJava.lap().nanosPerOperation());
      Samples ratios = rounds.ratios(0, 1);
      double ratio = ratios.median();
      table.row(
          java.processes(),
          c.claim() == java.claim() ? c.claim() : "C " + c.claim() + ", Java " + java.claim(),
          java.width() + " bits",
          Table.number(rounds.of(0).median()),
          Table.number(rounds.of(1).median()),
          "**" + Table.number(ratio) + "**",
          ratios.spread("%.2f"),
          wanted == 0 ? "" : "≥ " + wanted,
          wanted == 0 ? "" : Table.verdict(ratio >= wanted));
    }
  }
}
