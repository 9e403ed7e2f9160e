package dev.rszshm.tests.stress;

import dev.rszshm.testkit.process.Jdk;
import dev.rszshm.testkit.process.WorkerExit;
import dev.rszshm.testkit.process.WorkerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openjdk.jcstress.Main;
import org.openjdk.jcstress.infra.runners.TestList;

/**
 * A process that runs stress tests. Whatever it makes is in one directory of the build.
 *
 * @param memory the implementation of Memory that is tested: {@code unsafe} or {@code segment}
 * @param tests a regular expression, which is looked for in the names of the tests
 */
record StressRun(String memory, String tests) {
  private static final String MILLIS = "100";
  private static final Duration SAMPLE_LIMIT = Duration.ofMinutes(5);
  private static final Duration STORM_LIMIT = Duration.ofMinutes(60);

  /** The names of the tests, in order. */
  List<String> names() {
    Pattern pattern = Pattern.compile(tests);
    return TestList.tests().stream().filter(n -> pattern.matcher(n).find()).sorted().toList();
  }

  /** Each test for a moment, in one JVM. */
  StressReport sample() throws IOException {
    Path directory = emptyDirectory("sample");
    Path results = directory.resolve("results.bin.gz");
    List<String> command = java(directory);
    // Results and what threads wait for have cache lines of their own.
    command.add("-XX:-RestrictContended");
    command.add(StressSample.class.getName());
    command.addAll(List.of(results.toString(), MILLIS));
    command.addAll(names());
    try (WorkerProcess sample = WorkerProcess.start(SAMPLE_LIMIT, command)) {
      sample.awaitSuccess();
    }
    return StressReport.read(results, directory.resolve("report.txt"));
  }

  /**
   * jcstress as it is meant to be run: each test in JVMs of its own that only interpret, that
   * compile with the one compiler or the other, and with one that changes the order of instructions
   * at random wherever it may.
   */
  StressReport storm() throws IOException {
    Path directory = emptyDirectory("storm");
    List<String> command = new ArrayList<>();
    // jcstress leaves its results in the working directory.
    command.addAll(List.of("env", "--chdir=" + directory));
    command.addAll(java(directory)); // jcstress hands all flags on to the JVMs it starts
    command.add(Main.class.getName());
    command.addAll(List.of("-m", "quick", "-iters", "1", "-time", "300"));
    command.addAll(List.of("-sc", "false", "-t", tests, "-r", "html"));
    try (WorkerProcess storm = WorkerProcess.start(STORM_LIMIT, command)) {
      WorkerExit exit = storm.await(); // a failure when a test fails, of which the results tell
      Path results = onlyResults(directory);
      if (results == null) {
        throw new IllegalStateException(
            "jcstress has left no results: %s%n%s".formatted(exit, storm.errors()));
      }
      return StressReport.read(results, directory.resolve("report.txt"));
    }
  }

  private List<String> java(Path directory) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Jdk.current().java().toString());
    command.addAll(Jdk.current().nativeAccess());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xshare:auto"));
    command.add("-Ddev.rszshm.memory=" + memory);
    command.add("-Djnr.ffi.asm.enabled=false"); // not worth a compilation for a few calls
    Path temporary = Files.createDirectory(directory.resolve("tmp"));
    command.addAll(List.of("-Djava.io.tmpdir=" + temporary, "-Djna.tmpdir=" + temporary));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    return command;
  }

  private Path emptyDirectory(String kind) throws IOException {
    Path directory =
        Path.of(System.getProperty("dev.rszshm.target"), "stress", kind + "-" + memory);
    if (Files.exists(directory)) {
      try (Stream<Path> old = Files.walk(directory)) {
        for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
    return Files.createDirectories(directory).toRealPath();
  }

  private static Path onlyResults(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(f -> f.toString().endsWith(".bin.gz")).findAny().orElse(null);
    }
  }
}
