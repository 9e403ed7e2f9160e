package dev.rszshm.cli.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.rszshm.cli.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FillDeathTest {
  private static final int SIGINT = 2;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(180);
  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  @TempDir Path directory;

  @Test
  void missingIndicesOfKilledWorkerAreNamedExactly() throws Exception {
    Command.Result result = fill("B", List.of(), "--bytes", "10000", "--claim", "16");
    assertEquals(1, result.status(), result.err());
    assertEquals(
        "rszshm fill: worker B (pid "
            + pid('B')
            + ") died: signal 9 (SIGKILL); 8 bytes are missing: indices "
            + note("died-B")
            + "\n",
        result.err());
    assertTrue(result.out().contains("died: signal 9 (SIGKILL)"), result.out());
    assertFalse(result.out().contains("verified"), result.out());
    assertEquals(10_000 - 8, sum(result.out()));
    assertFalse(Files.exists(directory.resolve("heap")));
  }

  @Test
  void missingIndicesOfSeveralKilledWorkersAreJson() throws Exception {
    Command.Result result = fill("AC", List.of(), "--bytes", "5K", "--claim", "64", "--json");
    assertEquals(1, result.status(), result.err());
    assertParses(result.out());
    assertTrue(result.out().contains("\"verified\":false"), result.out());
    for (char letter : new char[] {'A', 'C'}) {
      String[] range = note("died-" + letter).split("-");
      String missing = "{\"from\":" + range[0] + ",\"to\":" + range[1] + "}";
      assertTrue(result.out().contains(missing), result.out());
      String died = "{\"letter\":\"" + letter + "\",\"pid\":" + pid(letter) + ",\"status\":137}";
      assertTrue(result.out().contains(died), result.out());
    }
    assertParses(result.err());
    assertTrue(result.err().endsWith("\"kind\":\"worker-died\"}\n"), result.err());
  }

  @Test
  void repairWritesWhatKilledWorkerHasLeft() throws Exception {
    Command.Result result = fill("B", List.of(), "--bytes", "10000", "--claim", "16", "--repair");
    assertEquals("", result.err());
    assertEquals(0, result.status());
    String repaired = "repaired by another worker as B: 8 bytes, indices " + note("died-B") + "\n";
    assertTrue(result.out().contains(repaired), result.out());
    assertTrue(result.out().contains("verified: every byte"), result.out());
    assertEquals(10_000, sum(result.out()));
  }

  @Test
  void repairWritesWhatNobodyHasClaimed() throws Exception {
    Command.Result result =
        fill("ABC", List.of(), "--bytes", "1M", "--claim", "100", "--repair", "--plain");
    assertEquals("", result.err());
    assertEquals(0, result.status());
    assertTrue(result.out().contains("repaired by another worker as A: 1,048,426 bytes"));
    assertEquals(1 << 20, sum(result.out()));
  }

  @Test
  void repairLoadsTheBlocksOfKilledWorker() throws Exception {
    Path input = directory.resolve("input");
    byte[] bytes = new byte[100_000];
    new Random(1).nextBytes(bytes);
    Files.write(input, bytes);
    String[] words = {"--input", input.toString(), "--claim", "4096"};
    Command.Result broken = fill("B", List.of(), words);
    assertEquals(1, broken.status(), broken.err());
    long from = Long.parseLong(note("died-B").split("-")[0]) / 4096 * 4096;
    long to = Math.min(from + 4095, bytes.length - 1);
    assertTrue(
        broken.err().endsWith(" bytes are missing: indices " + from + "-" + to + "\n"),
        broken.err());

    Files.delete(directory.resolve("died-B"));
    Command.Result repaired =
        fill("B", List.of(), words[0], words[1], words[2], words[3], "--repair");
    assertEquals("", repaired.err());
    assertEquals(0, repaired.status());
    assertTrue(repaired.out().contains("verified: the heap holds what the file holds"));
  }

  @Test
  void interruptEndsWorkersAndRemovesTheHeap() throws Exception {
    assumeFalse(isInterruptIgnored(), "SIGINT is ignored here, as in a job in the background");
    Command.Result result =
        fill("B", List.of("-Ddying.parent=true", "-Ddying.signal=INT"), "--keep", "--bytes", "99");
    assertEquals(130, result.status(), result.err());
    assertEquals(
        "rszshm fill: interrupted: the workers were ended and "
            + directory.resolve("heap")
            + " was removed\n",
        result.err());
    assertFalse(Files.exists(directory.resolve("heap")));
    for (char letter : new char[] {'A', 'B', 'C'}) {
      assertFalse(Command.isRunning(pid(letter)));
    }
  }

  /** Whoever starts a process lets it inherit which signals are ignored. */
  private static boolean isInterruptIgnored() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .anyMatch(line -> (Long.parseLong(line.substring(7).strip(), 16) & 1 << (SIGINT - 1)) != 0);
  }

  @Test
  void workersEndWhenTheirParentIsKilled() throws Exception {
    Command.Result result = fill("B", List.of("-Ddying.parent=true"), "--bytes", "99");
    assertEquals(137, result.status(), result.err());
    long start = System.nanoTime();
    for (char letter : new char[] {'A', 'B', 'C'}) {
      while (Command.isRunning(pid(letter))) {
        assertTrue(System.nanoTime() - start < PATIENCE_NANOS, "worker " + letter + " runs on");
        LockSupport.parkNanos(PERIOD_NANOS);
      }
    }
    assertTrue(Files.exists(directory.resolve("heap")));
    assertEquals(0, Command.run("rm", directory.resolve("heap").toString()).status());
  }

  /** Lets three workers fill a heap, of whom some die. */
  private Command.Result fill(String dying, List<String> workerFlags, String... words)
      throws IOException, InterruptedException {
    List<String> flags = new ArrayList<>(workerFlags);
    flags.addAll(Command.SHORT_LIVED);
    flags.add("-Ddying=" + dying);
    flags.add("-Ddying.directory=" + directory);
    if (Runtime.version().feature() >= 24) {
      flags.add("--enable-native-access=ALL-UNNAMED");
    }
    List<String> properties =
        List.of(
            "rszshm.fill.worker=" + DyingWorker.class.getName(),
            "rszshm.worker.flags=" + String.join("\n", flags));
    Stream<String> common =
        Stream.of("fill", "--workers", "3", "--path", directory.resolve("heap").toString());
    return Command.fork(
        directory, properties, Stream.concat(common, Stream.of(words)).toArray(String[]::new));
  }

  private String note(String name) throws IOException {
    return Files.readString(directory.resolve(name));
  }

  private long pid(char letter) throws IOException {
    return Long.parseLong(note("pid-" + letter));
  }

  /** The bytes of all workers in the table. */
  static long sum(String out) {
    Matcher row = Pattern.compile("(?m)^\\S +\\d+ +([\\d,]+) +[\\d.]+ %").matcher(out);
    long sum = 0;
    while (row.find()) {
      sum += Long.parseLong(row.group(1).replace(",", ""));
    }
    return sum;
  }

  static void assertParses(String json) throws IOException {
    assertEquals(1, json.lines().count(), json);
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      int tokens = 0;
      while (parser.nextToken() != null) {
        tokens++;
      }
      assertTrue(tokens > 2, json);
    }
  }
}
