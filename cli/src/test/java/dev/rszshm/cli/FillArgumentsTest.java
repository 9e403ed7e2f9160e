package dev.rszshm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FillArgumentsTest {
  private static final String WORKERS_WHY =
      "1 to 94 workers can fill a heap, since each writes a printable character of its own";

  @TempDir Path directory;

  static Stream<Arguments> badNumbers() {
    return Stream.of(
        arguments("--workers", "0", "--workers 0: " + WORKERS_WHY),
        arguments("--workers", "2000", "--workers 2000: " + WORKERS_WHY),
        arguments("--workers", "-1", "--workers -1: " + WORKERS_WHY),
        arguments("--bytes", "0", "--bytes 0: a fill has 1 to 4611686018427387903 bytes"),
        arguments("--bytes", "-5", "--bytes -5: a fill has 1 to 4611686018427387903 bytes"),
        arguments("--claim", "0", "--claim 0: a claim has 1 to 4294967295 bytes"),
        arguments("--claim", "4G", "--claim 4294967296: a claim has 1 to 4294967295 bytes"),
        arguments(
            "--initial", "0", "--initial 0: a heap begins with 1 to 4611686018427387903 bytes"),
        arguments(
            "--bytes",
            "many",
            "Invalid value for option '--bytes': 'many' is not a whole number below 2^63; it may"
                + " end in K, M, G or T (see --help)"),
        arguments(
            "--bytes",
            "99999999999999999999",
            "Invalid value for option '--bytes': '99999999999999999999' is not a whole number below"
                + " 2^63; it may end in K, M, G or T (see --help)"),
        arguments("--bites", "1", "there is no option --bites. Did you mean --bytes? (see --help)"),
        arguments("--byts", "1", "there is no option --byts. Did you mean --bytes? (see --help)"));
  }

  @ParameterizedTest
  @MethodSource("badNumbers")
  void badNumberIsOneLineAndStatus2(String option, String value, String message) {
    assertUsage(message, option, value);
  }

  @Test
  void moreThanTheSpanIsRefusedAndNothingIsLeft() {
    Path heap = directory.resolve("heap");
    assertUsage(
        "--bytes 109951162777600: the span of 68719476736 bytes has room for 68719439616: fill"
            + " less",
        "--bytes",
        "100T",
        "--path",
        heap.toString());
    assertFalse(Files.exists(heap));
  }

  @Test
  void plainFileWhoseIndexWouldOverflowIsRefused() {
    assertUsage(
        "4294967288 bytes, and the claims of 1 bytes by which 8 workers may go beyond them, do not"
            + " fit into a plain file: its index has 32 bits, so all together must stay below"
            + " 4294967296. Leave out --plain, or fill less",
        "--plain",
        "--bytes",
        "4294967288");
  }

  @Test
  void existingFileIsRefusedAndStaysAsItIs() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "mine");
    assertUsage(
        file + " exists already: attach to it, remove it or choose another name",
        "--path",
        file.toString());
    assertEquals("mine", Files.readString(file));
  }

  @Test
  void missingDirectoryIsRefused() {
    Path heap = directory.resolve("none/heap");
    assertUsage(
        heap + " cannot be created, because its directory does not exist: make it first",
        "--path",
        heap.toString());
  }

  @Test
  void directoryThatTakesNoFilesIsRefused() {
    assertUsage(
        "/proc/heap cannot be created: its file system does not allow files to be made in /proc."
            + " Choose another"
            + " directory, such as /dev/shm",
        "--path",
        "/proc/heap");
  }

  @Test
  void standardInputCannotBeLoaded() {
    assertUsage(
        "--input -: standard input has no length, and several processes cannot read it at offsets"
            + " of their own. Write it to a file first",
        "--input",
        "-");
  }

  @Test
  void inputThatIsNoRegularFileIsRefused() {
    Path missing = directory.resolve("missing");
    assertUsage(
        "--input " + missing + " does not exist: name a file that does",
        "--input",
        missing.toString());
    assertUsage(
        "--input " + directory + " is a directory: name a file", "--input", directory.toString());
    assertUsage(
        "--input /dev/zero is not a regular file, and has no length: copy it to one first",
        "--input",
        "/dev/zero");
  }

  @Test
  void whatExcludesInputIsRefused() {
    assertUsage(
        "--bytes and --input exclude each other: the file says how many bytes there are",
        "--input",
        "/dev/null",
        "--bytes",
        "1");
    assertUsage(
        "--busy and --input exclude each other: a file is not loaded byte by byte",
        "--input",
        "/dev/null",
        "--busy");
  }

  @Test
  void errorsAreJsonWhenTheReportIs() {
    Command.Result result = Command.run("fill", "--json", "--workers", "0");
    assertEquals(2, result.status());
    assertEquals("", result.out());
    assertEquals(
        "{\"error\":\"--workers 0: " + WORKERS_WHY + "\",\"kind\":\"usage\"}\n", result.err());
  }

  @Test
  void helpNamesEveryExitStatus() {
    Command.Result result = Command.run("fill", "--help");
    assertEquals(0, result.status());
    for (String status : new String[] {" 0 ", " 1 ", "\n2 ", " 130 "}) {
      assertTrue(result.out().contains(status), result.out());
    }
  }

  private static void assertUsage(String message, String... options) {
    String[] words = new String[options.length + 1];
    words[0] = "fill";
    System.arraycopy(options, 0, words, 1, options.length);
    Command.Result result = Command.run(words);
    assertEquals("rszshm fill: " + message + "\n", result.err());
    assertEquals(2, result.status());
    assertEquals("", result.out());
  }
}
