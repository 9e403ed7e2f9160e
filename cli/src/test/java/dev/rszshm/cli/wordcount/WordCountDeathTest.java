package dev.rszshm.cli.wordcount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.cli.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordCountDeathTest {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(180);
  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final int WORDS = 20_000;

  @TempDir Path directory;
  private Path file;
  private Map<String, Long> expected;

  @BeforeEach
  void write() throws IOException {
    Random random = new Random(7);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < WORDS; i++) {
      text.append(Integer.toString(random.nextInt(3000), 36)).append(i % 9 == 0 ? "É\n" : " ");
    }
    byte[] content = text.toString().getBytes(StandardCharsets.UTF_8);
    file = Files.write(directory.resolve("text"), content);
    expected = PlainCount.of(content);
  }

  @ParameterizedTest
  @CsvSource({"B, PUBLISH, 1", "AC, PUBLISH, 2", "A, SET, 17", "B, MERGE, 3", "ABC, SET, 5"})
  void killedWorkersCostNoWordAndNoneCountsTwice(String dying, String step, int number)
      throws Exception {
    Command.Result result =
        count(dying, List.of("-Ddying.step=" + step, "-Ddying.number=" + number), "--json");
    assertEquals("", result.err());
    assertEquals(0, result.status());
    String json = PlainCount.json(expected, 20);
    assertEquals(json, result.out().substring(0, Math.min(json.length(), result.out().length())));
    for (int i = 0; i < dying.length(); i++) {
      assertTrue(Files.exists(directory.resolve("died-" + dying.charAt(i))));
    }
  }

  @Test
  void reportNamesWhoWasKilled() throws Exception {
    Command.Result result = count("B", List.of());
    assertEquals("", result.err());
    assertEquals(0, result.status());
    String died =
        "\nworker B (pid "
            + pid('B')
            + ") died: signal 9 (SIGKILL); what it left was counted by others\n";
    assertTrue(result.out().contains(died), result.out());
    assertTrue(result.out().contains("\n20,000 words, "), result.out());
  }

  @ParameterizedTest
  @CsvSource({"B", "ABC"})
  void workersThatAreKilledWhileTheyStartCostNoWord(String early) throws Exception {
    Command.Result result = count("", List.of("-Ddying.early=" + early), "--json");
    assertEquals("", result.err());
    assertEquals(0, result.status());
    String json = PlainCount.json(expected, 20);
    assertEquals(json, result.out().substring(0, Math.min(json.length(), result.out().length())));
  }

  @Test
  void endSignalEndsWorkersAndRemovesTheHeap() throws Exception {
    Command.Result result = count("B", List.of("-Ddying.parent=true", "-Ddying.signal=TERM"));
    assertEquals(143, result.status(), result.err());
    String prefix = "rszshm wordcount: interrupted: the workers were ended and ";
    assertTrue(result.err().startsWith(prefix), result.err());
    String heap = result.err().substring(prefix.length(), result.err().indexOf(" was removed"));
    assertTrue(heap.startsWith("/dev/shm/"), heap);
    assertFalse(Files.exists(Path.of(heap)));
    assertEnded();
  }

  @Test
  void workersEndWhenTheirParentIsKilled() throws Exception {
    Command.Result result = count("B", List.of("-Ddying.parent=true"));
    assertEquals(137, result.status(), result.err());
    assertEnded();
    Path heap = Path.of(Files.readString(directory.resolve("heap-B")));
    Command.Result removed = Command.run("rm", heap.toString());
    long start = System.nanoTime();
    while (removed.status() != 0 && System.nanoTime() - start < PATIENCE_NANOS) {
      LockSupport.parkNanos(PERIOD_NANOS); // a worker that has just begun may not have told its pid
      removed = Command.run("rm", heap.toString());
    }
    assertEquals("", removed.err());
  }

  private void assertEnded() throws IOException {
    long start = System.nanoTime();
    for (char letter : new char[] {'A', 'B', 'C'}) {
      if (Files.exists(directory.resolve("pid-" + letter))) {
        long pid = pid(letter);
        while (Command.isRunning(pid)) {
          assertTrue(System.nanoTime() - start < PATIENCE_NANOS, "worker " + letter + " runs on");
          LockSupport.parkNanos(PERIOD_NANOS);
        }
      }
    }
  }

  private long pid(char letter) throws IOException {
    return Long.parseLong(Files.readString(directory.resolve("pid-" + letter)));
  }

  /** Lets three workers count, of whom some die. */
  private Command.Result count(String dying, List<String> workerFlags, String... words)
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
            "rszshm.wordcount.preparation=" + StoppingPreparation.class.getName(),
            "rszshm.wordcount.block=1000",
            "rszshm.worker.flags=" + String.join("\n", flags));
    Stream<String> all =
        Stream.concat(Stream.of("wordcount", "--workers", "3", file.toString()), Stream.of(words));
    return Command.fork(directory, properties, all.toArray(String[]::new));
  }
}
