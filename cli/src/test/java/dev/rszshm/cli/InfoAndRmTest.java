package dev.rszshm.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InfoAndRmTest {
  @TempDir Path directory;

  @Test
  void infoShowsFactsAndWhoIsAttached() {
    Path path = directory.resolve("heap");
    try (Heap heap = Heap.builder().name("tester").length(5000).create(path)) {
      Command.Result result = Command.run("info", path.toString());
      assertEquals(0, result.status(), result.err());
      String text = result.out();
      assertTrue(text.startsWith(path + "\n  kind          heap, format version 1\n"), text);
      assertTrue(text.contains("  id            " + heap.id().orElseThrow() + "\n"), text);
      assertTrue(text.contains("  address       0x" + Long.toHexString(heap.address())), text);
      assertTrue(text.contains("  length        45,056 bytes (44.0 KiB)\n"), text);
      assertTrue(text.contains("  participants  1 of 256\n"), text);
      String row = "(?s).*\n +0 +" + ProcessHandle.current().pid() + "  alive  \\S+ +tester\n.*";
      assertTrue(text.matches(row), text);
    }
    assertTrue(Command.run("info", path.toString()).out().contains("none of 256"));
  }

  @Test
  void infoShowsTheOthersWhenOneIsDamaged() throws IOException {
    Path good = directory.resolve("good");
    Heap.builder().plain().create(good).close();
    Path damaged = directory.resolve("damaged");
    Heap.builder().create(damaged).close();
    byte[] bytes = Files.readAllBytes(damaged);
    bytes[17] ^= 1;
    Files.write(damaged, bytes);
    Path text = Files.writeString(directory.resolve("text"), "no heap at all, but a text of lines");
    Path empty = Files.createFile(directory.resolve("empty"));
    Command.Result result =
        Command.run(
            "info",
            damaged.toString(),
            text.toString(),
            empty.toString(),
            good.toString(),
            directory.resolve("missing").toString(),
            directory.toString());
    assertEquals(1, result.status());
    assertTrue(result.out().startsWith(good + "\n  kind          plain file"), result.out());
    assertEquals(5, result.err().lines().count(), result.err());
    assertTrue(
        result
            .err()
            .lines()
            .allMatch(
                line ->
                    line.startsWith("rszshm info: " + directory)
                        || line.startsWith("rszshm info: there is no heap " + directory)),
        result.err());
  }

  @Test
  void infoAsJsonIsOneLineForEachFile() {
    Path path = directory.resolve("heap");
    Heap.builder().create(path).close();
    Command.Result result =
        Command.run("info", "--json", path.toString(), "/none", path.toString());
    assertEquals(1, result.status());
    assertEquals(2, result.out().lines().count(), result.out());
    assertTrue(
        result.out().startsWith("{\"path\":\"" + path + "\",\"plain\":false,\"version\":1,"),
        result.out());
    assertEquals(
        "{\"error\":\"there is no heap /none: check the name, or create"
            + " it\",\"kind\":\"no-such-heap\"}\n",
        result.err());
  }

  @Test
  void infoOfNamesWithControlCharactersDoesNotSpeakToTheTerminal() {
    Path path = directory.resolve("heap");
    try (Heap heap = Heap.builder().name("\033[2Jevil\n").create(path)) {
      assertTrue(heap.isOpen());
      assertTrue(Command.run("info", path.toString()).out().endsWith("  ?[2Jevil?\n"));
    }
  }

  @Test
  void rmRefusesWhatIsInUseUnlessForced() {
    Path path = directory.resolve("heap");
    try (Heap heap = Heap.builder().name("tester").create(path)) {
      Command.Result result = Command.run("rm", path.toString());
      assertEquals(1, result.status());
      assertEquals(
          "rszshm rm: "
              + path
              + " is in use by process "
              + ProcessHandle.current().pid()
              + " \"tester\": end it first, or use --force\n",
          result.err());
      assertTrue(Files.exists(path));
      Command.Result forced = Command.run("rm", "--force", path.toString());
      assertEquals(0, forced.status(), forced.err());
      assertEquals("removed " + path + "\n", forced.out());
      assertFalse(Files.exists(path));
      assertTrue(heap.isOpen());
    }
  }

  @Test
  void rmRemovesAHeapThatSomebodyOnlyReadsAsItsHelpSays() {
    Path path = directory.resolve("heap");
    try (Heap heap = Heap.builder().create(path)) {
      heap.putLong(heap.dataOffset(), 42);
    }
    try (Heap reader = Heap.builder().readOnly().attach(path)) {
      Command.Result result = Command.run("rm", path.toString());
      assertEquals(0, result.status(), result.err());
      assertFalse(Files.exists(path));
      assertEquals(42, reader.getLong(reader.dataOffset()));
    }
    String help = Command.run("rm", "--help").out().replaceAll("\\s+", " ");
    assertTrue(
        help.contains("attached for reading only, or to a plain file, cannot be seen"), help);
  }

  @Test
  void rmRemovesTheDirectoryThatWasMadeForTheHeap() {
    Path path;
    try (Heap heap = Heap.builder().create(directory.resolve("d_XXXXXX/heap"))) {
      path = heap.path();
    }
    assertEquals(0, Command.run("rm", path.toString()).status());
    assertFalse(Files.exists(path.getParent()));
  }

  @Test
  void rmRefusesWhatIsNoHeapAndRemovesTheRest() throws IOException {
    Path text = Files.writeString(directory.resolve("text"), "no heap at all, but a text of lines");
    Path heap = directory.resolve("heap");
    Heap.builder().create(heap).close();
    Command.Result result = Command.run("rm", text.toString(), heap.toString());
    assertEquals(1, result.status());
    assertTrue(result.err().startsWith("rszshm rm: " + text + " is not a heap"), result.err());
    assertTrue(Files.exists(text));
    assertFalse(Files.exists(heap));
  }

  @Test
  void commandWithoutFilesIsAUsageError() {
    for (String command : new String[] {"info", "rm"}) {
      Command.Result result = Command.run(command);
      assertEquals(2, result.status());
      assertEquals(
          "rszshm " + command + ": Missing required parameter: 'FILE' (see --help)\n",
          result.err());
    }
  }

  @Test
  void unknownCommandIsAUsageError() {
    Command.Result result = Command.run("fil");
    assertEquals(2, result.status());
    assertEquals(
        "rszshm: there is no command fil. Did you mean fill? (rszshm --help lists the commands)\n",
        result.err());
    String other = Command.run("zzzzzzzz").err();
    assertEquals(
        "rszshm: there is no command zzzzzzzz (rszshm --help lists the commands)\n", other);
    assertFalse(Command.run("frobnicate").err().contains("Did you mean"));
    assertTrue(Command.run("checl").err().contains("Did you mean check?"));
    assertTrue(Command.run("sl").err().contains("Did you mean ls?"));
    assertFalse(Command.run("ls", "--frobnicate").err().contains("Did you mean"));
  }

  @Test
  void unknownCommandIsAUsageErrorWithHelpToo() {
    for (String[] words :
        new String[][] {
          {"chek", "--help"},
          {"--help", "chek"},
          {"chek", "--version"},
          {"chek", "--help", "/dev/shm/x"},
          {"help", "chek"}
        }) {
      Command.Result result = Command.run(words);
      assertEquals(2, result.status(), String.join(" ", words));
      assertEquals("", result.out());
      assertEquals(
          "rszshm: there is no command chek. Did you mean check?"
              + " (rszshm --help lists the commands)\n",
          result.err());
    }
    Command.Result clear = Command.run("clear", "--help");
    assertEquals(2, clear.status());
    assertTrue(clear.err().startsWith("rszshm: there is no command clear"), clear.err());
    assertEquals(0, Command.run("--help").status());
    assertEquals(0, Command.run("help", "check").status());
    assertEquals(0, Command.run("check", "--help").status());
  }

  @Test
  void whatCannotBeTheNameOfAFileIsSaidInASentence() {
    for (String[] words : new String[][] {{"info", "a\0b"}, {"fill", "--input", "a\0b"}}) {
      Command.Result result = Command.run(words);
      assertEquals(2, result.status(), result.err());
      assertTrue(result.err().contains("cannot be the name of a file here: "), result.err());
      assertFalse(result.err().contains("Exception"), result.err());
    }
  }

  @Test
  void noCommandShowsTheOverview() {
    Command.Result result = Command.run();
    assertEquals(0, result.status());
    assertTrue(result.out().contains("fill"), result.out());
    assertEquals("", result.err());
  }

  /** As on a device that is full. */
  @Test
  void outputThatIsLostIsAFailure() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status = Main.run(new String[] {}, new PrintStream(new FullDevice()), new PrintStream(err));
    assertEquals(1, status);
    assertEquals("rszshm: the output could not be written, all or in part\n", err.toString(UTF_8));
  }

  private static final class FullDevice extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      throw new IOException("no space left on device");
    }
  }
}
