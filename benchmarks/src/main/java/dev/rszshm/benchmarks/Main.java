package dev.rszshm.benchmarks;

import java.util.List;

/** Runs benchmarks and prints Markdown. */
public final class Main {
  private static final List<Benchmark> ALL =
      List.of(
          new AllocatorBenchmark(),
          new RecoveryBenchmark(),
          new SyncBenchmark(),
          new ChannelBenchmark(),
          new IdleBenchmark(),
          new MapBenchmark(),
          new SortedBenchmark(),
          new YcsbBenchmark(),
          new ListBenchmark(),
          new QueueBenchmark(),
          new ClaimBenchmark(),
          new AccessBenchmark(),
          new AlignmentBenchmark(),
          new SeamBenchmark(),
          new AttachBenchmark(),
          new CatchUpBenchmark(),
          new FillBenchmark(),
          new WordCountBenchmark(),
          new PoolBenchmark(),
          new SimulationRate());

  private Main() {}

  /**
   * Runs one benchmark or all of them.
   *
   * @param words name of a benchmark or {@code all}, then options
   */
  public static void main(String[] words) throws Exception {
    List<String> names = ALL.stream().map(Benchmark::name).toList();
    if (words.length == 0 || !(words[0].equals("all") || names.contains(words[0]))) {
      fail("name a benchmark first: " + String.join(", ", names) + " or all");
    }
    List<String> rest = List.of(words).subList(1, words.length);
    Options options = null;
    try {
      options = new Options(rest);
    } catch (IllegalArgumentException e) {
      fail(e.getMessage());
    }
    for (Benchmark benchmark : ALL) {
      if (words[0].equals("all") || words[0].equals(benchmark.name())) {
        run(benchmark, options, rest);
      }
    }
    System.exit(0);
  }

  private static void run(Benchmark benchmark, Options options, List<String> rest)
      throws Exception {
    String machine = Machine.describe();
    String result =
        "### `"
            + benchmark.name()
            + "` on JDK "
            + Runtime.version().feature()
            + "\n\n"
            + machine
            + ".\n\n    benchmarks/run "
            + benchmark.name()
            + withoutMarkdown(rest)
            + "\n\n"
            + benchmark.run(options);
    System.out.println(result);
    if (options.markdown() != null) {
      new MarkdownFile(options.markdown())
          .put(benchmark.name() + " " + Runtime.version().feature(), result);
    }
  }

  /** The options as they have to be given again for the same figures. */
  private static String withoutMarkdown(List<String> words) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words.size(); i += 2) {
      if (!words.get(i).equals("--markdown")) {
        text.append(' ').append(words.get(i)).append(' ').append(words.get(i + 1));
      }
    }
    return text.toString();
  }

  private static void fail(String message) {
    System.err.println("benchmarks: " + message);
    System.exit(2);
  }
}
