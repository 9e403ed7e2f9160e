package dev.rszshm.benchmarks;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The words after the name of a benchmark: {@code --name value}, lists with commas. */
final class Options {
  private static final Set<String> KNOWN =
      Set.of(
          "--warmup",
          "--bytes",
          "--processes",
          "--claims",
          "--widths",
          "--rounds",
          "--attaches",
          "--growths",
          "--only",
          "--work",
          "--operations",
          "--preload",
          "--markdown");

  private final Map<String, String> given = new LinkedHashMap<>();

  /**
   * Reads words.
   *
   * @throws IllegalArgumentException if one is unknown, or has no value
   */
  Options(List<String> words) {
    for (int i = 0; i < words.size(); i += 2) {
      if (!KNOWN.contains(words.get(i)) || i + 1 == words.size()) {
        throw new IllegalArgumentException(
            "found \""
                + words.get(i)
                + "\", expected one of "
                + String.join(" ", KNOWN.stream().sorted().toList())
                + ", each with a value");
      }
      given.put(words.get(i), words.get(i + 1));
    }
  }

  int count(String name, int otherwise) {
    return Math.toIntExact(number(name, otherwise));
  }

  long number(String name, long otherwise) {
    return parse(name, given.getOrDefault(name, Long.toString(otherwise)));
  }

  List<Integer> counts(String name, Integer... otherwise) {
    String text = given.get(name);
    return text == null
        ? List.of(otherwise)
        : Stream.of(text.split(",")).map(t -> Math.toIntExact(parse(name, t))).toList();
  }

  private static long parse(String name, String text) {
    try {
      long value = Long.parseLong(text);
      if (value >= 1) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new IllegalArgumentException(name + " is \"" + text + "\", expected a number from 1 up");
  }

  /** What names must contain to be measured; empty for all. */
  String only() {
    return given.getOrDefault("--only", "");
  }

  /** The words of a list; empty if it is not given. */
  List<String> words(String name) {
    return given.containsKey(name) ? List.of(given.get(name).split(",")) : List.of();
  }

  /** The file that takes the results, or null. */
  Path markdown() {
    return given.containsKey("--markdown") ? Path.of(given.get("--markdown")) : null;
  }
}
