package dev.rszshm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever names a place where nothing can be written or read is told so in a sentence. */
class UnwritablePlaceTest {
  private static final Path NO_DEVICE_IS_EMPTY = Path.of("/dev/full");

  @TempDir Path directory;
  private Path heap;
  private Path file;
  private Path missing;

  @BeforeEach
  void make() throws Exception {
    heap = directory.resolve("heap");
    Heap.builder().create(heap).close();
    file = Files.writeString(directory.resolve("file"), "a text");
    missing = directory.resolve("missing");
  }

  private static void assertSays(int status, String expected, Object... words) {
    String[] all = new String[words.length];
    for (int i = 0; i < words.length; i++) {
      all[i] = words[i].toString();
    }
    Command.Result result = Command.run(all);
    String command = String.join(" ", all);
    assertEquals(status, result.status(), command);
    assertEquals("", result.out(), command);
    assertEquals(1, result.err().lines().count(), result.err());
    assertTrue(result.err().contains(expected), command + ": " + result.err());
    assertFalse(result.err().contains("java."), result.err());
    assertFalse(result.err().contains("Exception"), result.err());
    assertFalse(result.err().contains(".part"), result.err());
  }

  @Test
  void picturesAreWrittenToFilesThatCanBeMade() {
    for (String option : new String[] {"--svg", "--html", "--png"}) {
      Path empty = directory.resolve("empty");
      empty.toFile().mkdir();
      assertSays(
          1,
          empty + " is a directory, expected the name of a file: name one in it",
          "map",
          option,
          empty,
          heap);
      assertTrue(Files.isDirectory(empty), "a directory without entries is not removed");
      assertSays(
          1,
          missing + "/a cannot be made: there is no directory " + missing + ": make it before",
          "map",
          option,
          missing.resolve("a"),
          heap);
      assertSays(
          1,
          "cannot be made: " + file + " is a file, expected a directory",
          "map",
          option,
          file.resolve("a"),
          heap);
      assertSays(
          1, "/dev/full cannot be written: No space", "map", option, NO_DEVICE_IS_EMPTY, heap);
    }
  }

  @Test
  void pagesAreWrittenIntoADirectory() {
    assertSays(1, "found an empty name, expected that of a directory", "man", "");
    String expected = "cannot be made: " + file + " is a file, expected a directory";
    assertSays(1, "the pages could not be written: " + file + " " + expected, "man", file);
    assertSays(1, expected, "man", file.resolve("a").resolve("b"));
    directory.resolve("pages").resolve("rszshm.1").toFile().mkdirs();
    assertSays(1, "rszshm.1 is a directory", "man", directory.resolve("pages"));
  }

  @Test
  void copiesAreMadeWhereADirectoryIs() {
    String expected = "cannot be made: there is no directory " + missing + ": make it before";
    assertSays(1, "there is no copy: " + missing, "snapshot", heap, missing.resolve("a"));
    assertSays(1, expected, "snapshot", heap, missing.resolve("a"));
    assertSays(1, "there is no heap: " + missing, "restore", heap, missing.resolve("a"));
    assertSays(1, expected, "restore", heap, missing.resolve("a"));
    for (Path there : List.of(directory, directory.getRoot())) {
      assertSays(1, "is a directory", "snapshot", heap, there);
      assertSays(1, "is a directory", "restore", heap, there);
    }
    assertSays(1, "exists already", "snapshot", heap, heap);
    assertSays(1, "exists already", "restore", heap, heap);
    assertSays(1, file + " is a file", "restore", heap, file.resolve("a"));
  }

  @Test
  void whatIsNoHeapIsSaidByEachCommand() {
    for (String command :
        new String[] {
          "info",
          "roots",
          "stat",
          "participants",
          "locks",
          "check",
          "recover",
          "trim",
          "shrink",
          "map",
          "rm"
        }) {
      for (Path wrong :
          new Path[] {missing, directory, file, missing.resolve("a"), file.resolve("a")}) {
        Command.Result result = Command.run(command, wrong.toString());
        assertEquals(1, result.status(), command + " " + wrong + result.out());
        String said = result.out() + result.err();
        assertTrue(said.contains(wrong.toString()), said);
        assertFalse(said.contains("java.") || said.contains("Exception"), command + ": " + said);
      }
    }
    for (Path wrong : new Path[] {directory, missing.resolve("a"), file.resolve("a")}) {
      Command.Result result = Command.run("create", wrong.toString());
      assertTrue(result.status() > 0, command(result));
      assertFalse(result.err().contains("java."), result.err());
      assertFalse(result.err().contains("Exception"), result.err());
    }
  }

  private static String command(Command.Result result) {
    return result.out() + result.err();
  }

  @Test
  void inputIsAFile() {
    assertSays(2, "is a directory: name a file", "fill", "--input", directory);
    assertSays(2, "does not exist: name a file that does", "fill", "--input", missing);
    assertSays(2, "is a directory: name a file", "wordcount", directory);
    assertSays(2, "does not exist: name a file that does", "wordcount", missing);
  }
}
