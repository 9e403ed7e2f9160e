package dev.rszshm.cli.wordcount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.rszshm.cli.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WordCountRunTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void workersTellWhatOneThreadCounts(int workers) throws IOException {
    Random random = new Random(workers);
    StringBuilder text = new StringBuilder();
    String[] ends = {" ", "\n", ", ", "É ", "Σ.", "\u0000", "-"};
    for (int i = 0; i < 100_000; i++) {
      int number = (int) Math.exp(random.nextInt(12_000) / 1000.0);
      text.append(Integer.toString(number, 36)).append(ends[random.nextInt(ends.length)]);
    }
    byte[] first = text.toString().getBytes(StandardCharsets.UTF_8);
    byte[] second = new byte[200_000];
    random.nextBytes(second);
    Map<String, Long> expected = PlainCount.of(first, second);
    Command.Result result =
        Command.run(
            "wordcount",
            "--workers",
            Integer.toString(workers),
            "--top",
            "1000",
            "--json",
            write("first", first),
            write("second", second));
    assertEquals("", result.err());
    assertEquals(0, result.status());
    String json = PlainCount.json(expected, 1000);
    assertEquals(json, result.out().substring(0, Math.min(json.length(), result.out().length())));
    assertTrue(result.out().substring(json.length()).matches("[0-9.E-]+}\n"), result.out());
    assertParses(result.out());
  }

  private static void assertParses(String json) throws IOException {
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      int tokens = 0;
      while (parser.nextToken() != null) {
        tokens++;
      }
      assertTrue(tokens > 2, json);
    }
  }

  @Test
  void textNamesWordsTotalsAndWorkers() throws IOException {
    String file = write("file", "b a b. C".getBytes(StandardCharsets.UTF_8));
    Command.Result result = Command.run("wordcount", "--workers", "1", "--top", "2", file);
    assertEquals("", result.err());
    assertEquals(0, result.status());
    String pattern =
        """
        2  b
        1  a
        4 words, 3 of them different, in 8 bytes
        worker A \\(pid \\d+\\) counted 8 bytes, 100\\.0 %
        counted in [\\d.]+ s: .*/s \\(starting the workers took [\\d.]+ s more\\)
        """;
    assertTrue(result.out().matches(pattern), result.out());
  }

  @Test
  void fileThatIsNamedTwiceCountsTwice() throws IOException {
    String file = write("file", "once".getBytes(StandardCharsets.UTF_8));
    Command.Result result = Command.run("wordcount", "--workers", "1", "--json", file, file);
    assertTrue(
        result.out().startsWith("{\"words\":2,\"distinct\":1,\"top\":[[\"once\",2]],"),
        result.out());
  }

  @Test
  void fileWithoutWordsHasNone() throws IOException {
    String file = write("file", " .,;\n".getBytes(StandardCharsets.UTF_8));
    Command.Result result = Command.run("wordcount", "--workers", "1", "--json", file);
    assertEquals("", result.err());
    assertEquals(0, result.status());
    assertTrue(
        result.out().startsWith("{\"words\":0,\"distinct\":0,\"top\":[],\"seconds\":"),
        result.out());
  }

  @Test
  void emptyFileHasNoWords() throws IOException {
    Command.Result result = Command.run("wordcount", "--workers", "1", write("file", new byte[0]));
    assertEquals("", result.err());
    assertEquals(0, result.status());
    assertTrue(result.out().startsWith("0 words, 0 of them different, in 0 bytes\n"), result.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "missing | missing does not exist: name a file that does",
        ". | . is a directory: name a file",
        "- | -: standard input has no length, and several processes cannot read it at offsets of"
            + " their own. Write it to a file first",
        "/dev/null | /dev/null is not a regular file, and has no length: copy it to one first"
      })
  void whatCannotBeCountedIsRefused(String file, String message) {
    Command.Result result = Command.run("wordcount", file);
    assertEquals("rszshm wordcount: " + message + "\n", result.err());
    assertEquals("", result.out());
    assertEquals(2, result.status());
  }

  @Test
  void fileThatMayNotBeReadIsRefused() throws IOException {
    Path file = directory.resolve("file");
    Files.writeString(file, "secret");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    assumeFalse(Files.isReadable(file), "this user may read everything");
    Command.Result result = Command.run("wordcount", "--json", file.toString());
    assertEquals(
        "{\"error\":\"" + file + " may not be read: change its permissions\",\"kind\":\"usage\"}\n",
        result.err());
    assertEquals(2, result.status());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--workers 0 F | --workers 0: 1 to 94 workers can count words",
        "--workers 95 F | --workers 95: 1 to 94 workers can count words",
        "--top -1 F | --top -1: a number of words cannot be negative",
        "--workers 2 | Missing required parameter: 'FILE' (see --help)"
      })
  void argumentsThatCannotBeUsedAreRefused(String words, String message) throws IOException {
    String file = write("file", new byte[0]);
    Command.Result result = Command.run(("wordcount " + words.replace("F", file)).split(" "));
    assertEquals("rszshm wordcount: " + message + "\n", result.err());
    assertEquals(2, result.status());
  }

  private String write(String name, byte[] content) throws IOException {
    return Files.write(directory.resolve(name), content).toString();
  }
}
