package dev.rszshm.cli.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.cli.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FillRunTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "2, 100000, 1", "3, 100001, 7", "4, 300000, 64", "2, 10, 1000"})
  void everyByteIsWrittenOnce(String workers, long bytes, String claim) {
    Command.Result result =
        Command.run(
            "fill", "--workers", workers, "--bytes", Long.toString(bytes), "--claim", claim);
    assertEquals("", result.err());
    assertEquals(0, result.status());
    assertEquals(bytes, FillDeathTest.sum(result.out()));
    assertTrue(result.out().contains("verified: every byte was written exactly once\n"));
    Path heap = Path.of(result.out().substring(0, result.out().indexOf(' ')));
    assertTrue(heap.startsWith("/dev/shm"), result.out());
    assertFalse(Files.exists(heap.getParent()));
  }

  @Test
  void busyWorkersWriteTheSame() {
    Command.Result result = Command.run("fill", "--workers", "2", "--bytes", "2000", "--busy");
    assertEquals(0, result.status(), result.err());
    assertEquals(2000, FillDeathTest.sum(result.out()));
  }

  @Test
  void seedsCommandLineCountsTheSameInPlainFile() throws Exception {
    Path heap = directory.resolve("heap");
    Command.Result result =
        Command.run(
            "fill",
            "--plain",
            "--keep",
            "--workers",
            "3",
            "--bytes",
            "40000",
            "--path",
            heap.toString());
    assertEquals(0, result.status(), result.err());
    String line = result.out().replaceFirst("(?s).*To count it again: ", "").strip();
    assertTrue(line.contains("tail -c +29"), result.out());
    Map<String, Long> reported = new TreeMap<>();
    Matcher row = Pattern.compile("(?m)^([A-C]) +\\d+ +([\\d,]+) ").matcher(result.out());
    while (row.find()) {
      long count = Long.parseLong(row.group(2).replace(",", ""));
      if (count > 0) {
        reported.put(row.group(1), count);
      }
    }
    Process shell = new ProcessBuilder("sh", "-c", line).start();
    String counted = new String(shell.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    Map<String, Long> found = new TreeMap<>();
    counted
        .lines()
        .map(text -> text.trim().split(" "))
        .forEach(words -> found.put(words[1], Long.parseLong(words[0])));
    assertEquals(reported, found);
  }

  @Test
  void plainFileOfDefaultLengthIsExactlyFull() throws IOException {
    Path heap = directory.resolve("heap");
    Command.Result result =
        Command.run(
            "fill",
            "--plain",
            "--keep",
            "--workers",
            "2",
            "--claim",
            "100",
            "--path",
            heap.toString());
    assertEquals(0, result.status(), result.err());
    assertEquals(4 << 20, Files.size(heap));
  }

  @Test
  void initialLengthOfPlainFileIsThatOfTheFile() throws IOException {
    Path heap = directory.resolve("heap");
    Command.Result result =
        Command.run(
            "fill",
            "--plain",
            "--keep",
            "--workers",
            "1",
            "--bytes",
            "4068",
            "--path",
            heap.toString());
    assertEquals(0, result.status(), result.err());
    assertEquals(4096, Files.size(heap));
  }

  @ParameterizedTest
  @CsvSource({"0, 1M, false", "1, 1M, false", "3000001, 64K, false", "2097152, 1M, true"})
  void fileIsLoadedAndVerified(int length, String claim, boolean plain) throws Exception {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    Path input = Files.write(directory.resolve("input"), bytes);
    Path heap = directory.resolve("heap");
    Command.Result result =
        Command.run(
            "fill",
            "--workers",
            "3",
            "--claim",
            claim,
            "--input",
            input.toString(),
            "--json",
            "--keep",
            "--path",
            heap.toString(),
            plain ? "--plain" : "--repair");
    assertEquals("", result.err());
    assertEquals(0, result.status());
    FillDeathTest.assertParses(result.out());
    String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    assertTrue(result.out().contains("\"sha256\":\"" + digest + "\""), result.out());
    assertTrue(result.out().contains("\"inputSha256\":\"" + digest + "\""), result.out());
    assertTrue(result.out().contains("\"bytes\":" + length + ","), result.out());
    byte[] kept = Files.readAllBytes(heap);
    int start = plain ? 28 : 36864 + 256;
    assertEquals(
        HexFormat.of().formatHex(bytes, 0, Math.min(length, 1000)),
        HexFormat.of().formatHex(kept, start, start + Math.min(length, 1000)));
  }

  @Test
  void templateDirectoryIsRemovedWithTheHeap() throws IOException {
    Path template = directory.resolve("fill_XXXXXX/heap");
    Command.Result result =
        Command.run("fill", "--workers", "1", "--bytes", "10", "--path", template.toString());
    assertEquals(0, result.status(), result.err());
    assertTrue(result.out().startsWith(directory + "/fill_"), result.out());
    try (var left = Files.list(directory)) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void jsonHasTheFieldsThatProgramsReadOn() throws IOException {
    Command.Result result = Command.run("fill", "--workers", "2", "--bytes", "1000", "--json");
    assertEquals(0, result.status(), result.err());
    FillDeathTest.assertParses(result.out());
    String worker = "\\{\"letter\":\"[AB]\",\"pid\":\\d+,\"bytes\":\\d+}";
    String pattern =
        "\\{\"path\":\"[^\"]+\",\"address\":\"0x[0-9a-f]+\",\"bytes\":1000,\"workers\":\\["
            + worker
            + ","
            + worker
            + "],\"seconds\":[0-9.E-]+,\"nsPerByte\":[0-9.E-]+,\"verified\":true}\n";
    assertTrue(result.out().matches(pattern), result.out());
  }
}
