package dev.rszshm.tests.guide;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of docs/TESTING.md, which the tests of this package keep true. */
final class Guide {
  private static final Path ROOT = Path.of(System.getProperty("dev.rszshm.root"));
  private static final Pattern BLOCK = Pattern.compile("```(\\w*)\\n(.*?)```", Pattern.DOTALL);

  private Guide() {}

  /** The blocks of a language; of none, those that show an output. */
  static List<String> blocks(String language) {
    List<String> found = new ArrayList<>();
    Matcher block = BLOCK.matcher(read(ROOT.resolve("docs/TESTING.md")));
    while (block.find()) {
      if (block.group(1).equals(language)) {
        found.add(block.group(2));
      }
    }
    return found;
  }

  /** Fails unless the guide shows an output, whatever the numbers of the lines in it. */
  static void requireShown(String output) {
    String wanted = comparable(output);
    if (blocks("").stream().map(Guide::comparable).noneMatch(wanted::equals)) {
      fail("docs/TESTING.md does not show this output:\n" + output);
    }
  }

  private static String comparable(String output) {
    return output.strip().replaceAll("\\.java:\\d+", ".java").replaceAll(" +(?=\\n|$)", "");
  }

  /** All sources of this package in one text, without regard to how far they are indented. */
  static String sources() {
    Path here = ROOT.resolve("tests/src/test/java/dev/rszshm/tests/guide");
    StringBuilder text = new StringBuilder();
    try (var files = Files.list(here)) {
      files.forEach(file -> text.append(flush(read(file))).append('\n'));
    } catch (IOException e) {
      throw new IllegalStateException("cannot list " + here, e);
    }
    return text.toString();
  }

  /** A text without its indentation. */
  static String flush(String text) {
    return text.lines().map(String::strip).reduce("", (a, b) -> a + "\n" + b);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + file, e);
    }
  }
}
