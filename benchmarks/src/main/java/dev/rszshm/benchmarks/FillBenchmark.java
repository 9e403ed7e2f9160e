package dev.rszshm.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The command {@code rszshm fill} as a whole, beside C programs that do the same. */
final class FillBenchmark implements Benchmark {
  private static final double WANTED_SECONDS = 3;

  /** Real, user and system time of a command, as bash measures them. */
  private record Times(double real, double user, double system) {}

  @Override
  public String name() {
    return "fill";
  }

  @Override
  public String run(Options options) throws Exception {
    Path launcher = Project.root().resolve("rszshm");
    if (!Files.isExecutable(launcher)) {
      return "Not measured: there is no command `rszshm` to run.\n";
    }
    Path peer = Project.peerProgram();
    int processes = options.counts("--processes", 8).get(0);
    long bytes = options.number("--bytes", 4194276);
    Path directory = Files.createTempDirectory(Path.of("/dev/shm"), "rszshm_benchmark");
    Path file = directory.resolve("heap");
    List<Times> ofJava = new ArrayList<>();
    List<Times> ofC = new ArrayList<>();
    String java =
        String.format(Locale.ROOT, "'%s' fill --workers %d --bytes %d", launcher, processes, bytes);
    String c = peerCommand(peer, file, processes, bytes);
    try {
      // The first run may have to build the command and its class-data archive.
      time(java);
      Rounds rounds =
          Rounds.alternate(
              options.count("--rounds", 5),
              () -> keep(ofC, time(c)).real(),
              () -> keep(ofJava, time(java)).real());
      return table(rounds, ofJava, ofC, processes, bytes);
    } finally {
      Files.deleteIfExists(file);
      Files.delete(directory);
    }
  }

  private static Times keep(List<Times> all, Times times) {
    all.add(times);
    return times;
  }

  private static String table(
      Rounds rounds, List<Times> ofJava, List<Times> ofC, int processes, long bytes) {
    Table table =
        new Table(
            "Seconds of the whole command with "
                + processes
                + " workers and "
                + bytes
                + " bytes, claims of one byte, median of "
                + ofJava.size()
                + " runs in turn.",
            "command",
            "wall",
            "slowest",
            "user",
            "sys",
            "over C",
            "wanted",
            "");
    double wall = rounds.of(1).median();
    row(
        table,
        "`./rszshm fill`",
        ofJava,
        Table.number(rounds.ratios(1, 0).median()),
        "≤ " + WANTED_SECONDS + " s",
        Table.verdict(wall <= WANTED_SECONDS));
    row(table, "`rszshm_peer fill` (C)", ofC, "1", "", "");
    return table.toString();
  }

  private static void row(
      Table table, String name, List<Times> all, String ratio, String wanted, String verdict) {
    Samples real = Samples.of(all.stream().mapToDouble(Times::real).toArray());
    table.row(
        name,
        Table.number(real.median()),
        Table.number(real.quantile(1)),
        Table.number(Samples.of(all.stream().mapToDouble(Times::user).toArray()).median()),
        Table.number(Samples.of(all.stream().mapToDouble(Times::system).toArray()).median()),
        ratio,
        wanted,
        verdict);
  }

  /** Makes a plain file, and lets as many processes fill it. */
  private static String peerCommand(Path peer, Path file, int processes, long bytes) {
    return String.format(
        Locale.ROOT,
        "{ rm -f '%2$s'; '%1$s' create '%2$s' 4096; pids=();"
            + " for ((i = 0; i < %3$d; i++)); do '%1$s' fill '%2$s' \"$((i %% 10))\" --bytes %4$d &"
            + " pids+=($!); done; for pid in \"${pids[@]}\"; do wait \"$pid\" || exit 1; done; }",
        peer,
        file,
        processes,
        bytes);
  }

  private static Times time(String command) throws IOException, InterruptedException {
    Path output = Files.createTempFile("rszshm_benchmark", ".txt");
    try {
      String script =
          "TIMEFORMAT='%R %U %S'; time " + command + " > '" + output + "' 2>&1 < /dev/null";
      ProcessBuilder builder = new ProcessBuilder("bash", "-c", script);
      builder.environment().put("LC_ALL", "C");
      builder.redirectErrorStream(true);
      Process process = builder.start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int status = process.waitFor();
      String[] words = text.strip().split("\\s+");
      if (status != 0 || words.length != 3) {
        throw new IllegalStateException(
            "status " + status + " of " + command + ": " + text + Files.readString(output));
      }
      return new Times(
          Double.parseDouble(words[0]), Double.parseDouble(words[1]), Double.parseDouble(words[2]));
    } finally {
      Files.delete(output);
    }
  }
}
