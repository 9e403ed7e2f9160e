package dev.rszshm.benchmarks;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Counts the words of a file as {@code rszshm wordcount} does, with one thread and a HashMap. */
public final class PlainWordCount {
  private static final int BUFFER = 1 << 16;

  private final Map<String, long[]> counts = new HashMap<>();
  private final StringBuilder word = new StringBuilder();
  private long words;
  private char high;

  private PlainWordCount() {}

  /**
   * Prints the number of words, of different words, and the seconds that it took.
   *
   * @param arguments the file
   */
  public static void main(String[] arguments) throws IOException {
    PlainWordCount count = new PlainWordCount();
    long begin = System.nanoTime();
    count.read(Path.of(arguments[0]));
    double seconds = (System.nanoTime() - begin) / 1e9;
    System.out.println(count.words + " " + count.counts.size() + " " + seconds);
  }

  private void read(Path file) throws IOException {
    // What is malformed becomes U+FFFD, which is in no word.
    try (Reader reader =
        new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8)) {
      char[] buffer = new char[BUFFER];
      for (int length = reader.read(buffer); length >= 0; length = reader.read(buffer)) {
        for (int i = 0; i < length; i++) {
          add(buffer[i]);
        }
      }
    }
    end();
  }

  private void add(char unit) {
    if (Character.isHighSurrogate(unit)) {
      high = unit;
      return;
    }
    int point = Character.isLowSurrogate(unit) ? Character.toCodePoint(high, unit) : unit;
    if (Character.isLetter(point) || Character.isDigit(point)) {
      word.appendCodePoint(point);
    } else {
      end();
    }
  }

  private void end() {
    if (word.length() > 0) {
      words++;
      counts.computeIfAbsent(word.toString().toLowerCase(Locale.ROOT), w -> new long[1])[0]++;
      word.setLength(0);
    }
  }
}
