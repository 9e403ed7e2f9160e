package dev.rszshm.benchmarks;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The command {@code rszshm wordcount} on text of any length, beside a count with a HashMap. */
final class WordCountBenchmark implements Benchmark {
  private static final double TWO_OVER_ONE = 1 / 1.6;
  private static final long GIGABYTE = 1_000_000_000;
  private static final Pattern JSON =
      Pattern.compile(
          "\\{\"words\":(\\d+),\"distinct\":(\\d+),.*\"seconds\":([0-9.E-]+)\\}.*", Pattern.DOTALL);

  /** Texts that every machine with a JDK has. */
  private static final List<Path> SOURCES =
      List.of(
          Path.of("/usr/share/common-licenses"), Path.of(System.getProperty("java.home"), "legal"));

  /** Words, different ones, and how long it took to count them. */
  private record Count(long words, long distinct, double seconds) {}

  /** What all have to find. */
  private Count first;

  @Override
  public String name() {
    return "wordcount";
  }

  @Override
  public String run(Options options) throws Exception {
    Path launcher = Project.root().resolve("rszshm");
    if (!Files.isExecutable(launcher)) {
      return "Not measured: there is no command `rszshm` to run.\n";
    }
    long bytes = options.number("--bytes", GIGABYTE);
    Path directory = Files.createTempDirectory(Path.of("/dev/shm"), "rszshm_benchmark");
    Path file = directory.resolve("text");
    try {
      write(file, bytes);
      first = null;
      command(launcher, 1, file); // the first run may have to build the command
      Rounds rounds =
          Rounds.alternate(
              options.count("--rounds", 5),
              () -> seconds(command(launcher, 1, file)),
              () -> seconds(command(launcher, 2, file)),
              () -> seconds(plain(file)));
      return table(rounds, bytes);
    } finally {
      Files.deleteIfExists(file);
      Files.delete(directory);
    }
  }

  private String table(Rounds rounds, long bytes) {
    Table table =
        new Table(
            "Seconds to count "
                + first.words
                + " words, "
                + first.distinct
                + " different ones, in "
                + bytes
                + " bytes, without the start of the JVMs.",
            "by",
            "seconds",
            "over",
            "ratio",
            "quartiles",
            "wanted",
            "");
    row(table, "`rszshm wordcount --workers 1`", rounds, 0, "a HashMap in one JVM", 2, 1);
    row(table, "`rszshm wordcount --workers 2`", rounds, 1, "1 worker", 0, TWO_OVER_ONE);
    table.row("a HashMap in one JVM", Table.number(rounds.of(2).median()), "", "", "", "", "");
    return table.toString();
  }

  private static void row(
      Table table, String name, Rounds rounds, int mine, String over, int other, double most) {
    Samples ratios = rounds.ratios(mine, other);
    table.row(
        name,
        Table.number(rounds.of(mine).median()),
        over,
        "**" + Table.number(ratios.median()) + "**",
        ratios.spread("%.2f"),
        "≤ " + Table.number(most),
        Table.verdict(ratios.median() <= most));
  }

  /** Writes all texts, again and again, up to a length. */
  private static void write(Path file, long bytes) throws IOException {
    List<byte[]> texts = new ArrayList<>();
    for (Path source : SOURCES) {
      if (Files.isDirectory(source)) {
        try (Stream<Path> found = Files.walk(source)) {
          for (Path text : found.filter(Files::isRegularFile).sorted().toList()) {
            texts.add(Files.readAllBytes(text));
          }
        }
      }
    }
    if (texts.stream().allMatch(text -> text.length == 0)) {
      throw new IllegalStateException("there is no text in " + SOURCES + ": install a JDK with it");
    }
    try (OutputStream out = Files.newOutputStream(file)) {
      long left = bytes;
      for (int i = 0; left > 0; i = (i + 1) % texts.size()) {
        int length = (int) Math.min(left, texts.get(i).length);
        out.write(texts.get(i), 0, length);
        left -= length;
      }
    }
  }

  private double seconds(Count count) {
    if (first == null) {
      first = count;
    }
    if (count.words != first.words || count.distinct != first.distinct) {
      throw new IllegalStateException("found " + count + " and " + first + " in the same text");
    }
    return count.seconds;
  }

  private static Count command(Path launcher, int workers, Path file) throws Exception {
    String text =
        output(
            List.of(
                launcher.toString(),
                "wordcount",
                "--json",
                "--workers",
                Integer.toString(workers),
                file.toString()));
    Matcher matcher = JSON.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalStateException("expected a line of JSON, found " + text);
    }
    return new Count(
        Long.parseLong(matcher.group(1)),
        Long.parseLong(matcher.group(2)),
        Double.parseDouble(matcher.group(3)));
  }

  private static Count plain(Path file) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String text =
        output(
            List.of(
                java,
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                PlainWordCount.class.getName(),
                file.toString()));
    String[] words = text.strip().split(" ");
    return new Count(
        Long.parseLong(words[0]), Long.parseLong(words[1]), Double.parseDouble(words[2]));
  }

  private static String output(List<String> command) throws Exception {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    if (status != 0) {
      throw new IllegalStateException("status " + status + " of " + String.join(" ", command));
    }
    return text;
  }
}
