package dev.rszshm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tests that docs/FEATURES.md names exist. */
class FeaturesTest {
  private static final Pattern NAMED = Pattern.compile("`(\\w+(?:Test|IT|Contract))(?:#(\\w+))?`");
  private static final List<String> MODULES =
      List.of("heap", "sync", "allocator", "structures", "cli", "tests");

  @Test
  void everyTestThatIsNamedExists() throws IOException {
    Path root = Path.of(System.getProperty("dev.rszshm.root", "..")).toAbsolutePath();
    Map<String, String> sources = sources(root);
    Matcher named = NAMED.matcher(Files.readString(root.resolve("docs/FEATURES.md")));
    List<String> missing = new ArrayList<>();
    int count = 0;
    while (named.find()) {
      String source = sources.getOrDefault(named.group(1), "");
      boolean there =
          named.group(2) == null
              ? !source.isEmpty()
              : Pattern.compile("\\b" + named.group(2) + "\\(").matcher(source).find();
      if (!there) {
        missing.add(named.group());
      }
      count++;
    }
    assertEquals(List.of(), missing);
    assertTrue(count > 100, "only " + count + " tests are named");
  }

  /** What test classes contain; of two with one name, both. */
  private static Map<String, String> sources(Path root) throws IOException {
    Map<String, String> sources = new HashMap<>();
    for (String module : MODULES) {
      try (Stream<Path> files = Files.walk(root.resolve(module).resolve("src/test/java"))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          String name = file.getFileName().toString().replace(".java", "");
          sources.merge(name, Files.readString(file), String::concat);
        }
      }
    }
    return sources;
  }
}
