package dev.rszshm.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A Markdown file that keeps the newest result of each benchmark on each JDK, between two comments;
 * everything around them stays.
 */
final class MarkdownFile {
  private final Path path;

  MarkdownFile(Path path) {
    this.path = path;
  }

  /** Replaces the result of that name, or adds it at the end of the file. */
  void put(String name, String result) throws IOException {
    String begin = "<!-- result " + name + " -->\n";
    String end = "<!-- end of " + name + " -->\n";
    String text = Files.exists(path) ? Files.readString(path) : "";
    int from = text.indexOf(begin);
    int to = text.indexOf(end);
    String section = begin + "\n" + result + "\n" + end;
    Files.writeString(
        path,
        from >= 0 && to > from
            ? text.substring(0, from) + section + text.substring(to + end.length())
            : text + (text.isEmpty() ? "" : "\n") + section);
  }
}
