package dev.rszshm.benchmarks;

import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** What the check of an access costs: JMH runs of each way of access, in turn. */
final class AccessBenchmark implements Benchmark {
  private static final double WANTED = 1.10;
  static final List<String> LOOPS =
      List.of(
          "byteRandom",
          "intRandom",
          "longRandom",
          "byteSequential",
          "intSequential",
          "longSequential",
          "longSum",
          "longSumInOneCall",
          "longFillInOneCall",
          "longForEachInOneCall",
          "longReplaceInOneCall",
          "intReplaceInOneCall",
          "getAndAddInt",
          "getAndAddLong",
          "compareAndSetLong",
          "copyInPerByte",
          "fillPerByte");

  @Override
  public String name() {
    return "access";
  }

  @Override
  public String run(Options options) throws Exception {
    Table table =
        new Table(
            "Time over that of unchecked access by address, median of the rounds and quartiles."
                + " `byte`, `int` and `long` get a value and put another one; `array` is a Java"
                + " array, for orientation. `…InOneCall` is a call such as `sumLongs` beside a loop of"
                + " unchecked accesses.",
            "loop",
            "unchecked ns",
            "heap",
            "quartiles",
            "region",
            "quartiles",
            "array",
            "heap and region ≤ " + WANTED);
    for (String loop : LOOPS) {
      if (loop.contains(options.only())) {
        measure(table, options, loop);
      }
    }
    return table.toString();
  }

  private static void measure(Table table, Options options, String loop) throws Exception {
    boolean atomic = loop.startsWith("getAnd") || loop.startsWith("compareAnd");
    Rounds rounds =
        Rounds.alternate(
            options.count("--rounds", 5),
            () -> nanos(AccessLoops.class, loop, "memory"),
            () -> nanos(AccessLoops.class, loop, "heap"),
            () -> nanos(AccessLoops.class, loop, "region"),
            () -> atomic ? Double.NaN : nanos(AccessLoops.class, loop, "array"));
    Samples heap = rounds.ratios(1, 0);
    Samples region = rounds.ratios(2, 0);
    table.row(
        "`" + loop + "`",
        String.format(Locale.ROOT, "%.3f", rounds.of(0).median()),
        "**" + Table.number(heap.median()) + "**",
        heap.spread("%.2f"),
        "**" + Table.number(region.median()) + "**",
        region.spread("%.2f"),
        atomic ? "" : Table.number(rounds.ratios(3, 0).median()),
        Table.verdict(heap.median() <= WANTED && region.median() <= WANTED));
  }

  /**
   * One run in a JVM of its own; the median of its samples, for one operation.
   *
   * @param flags more arguments of that JVM
   */
  static double nanos(
      Class<? extends AccessLoops> loops, String loop, String target, String... flags)
      throws RunnerException {
    RunResult result =
        new Runner(
                new OptionsBuilder()
                    .include("^" + loops.getName().replace(".", "\\.") + "\\." + loop + "$")
                    .param("target", target)
                    .jvmArgsAppend(flags)
                    .shouldFailOnError(true)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .runSingle();
    double median = result.getPrimaryResult().getStatistics().getPercentile(50);
    return median / (loop.endsWith("PerByte") ? AccessLoops.BLOCK : AccessLoops.OPERATIONS);
  }
}
