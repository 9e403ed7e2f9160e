package dev.rszshm.structures.internal.worker;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last lines of a stream, of which only so many are kept. */
public final class LastLines {
  private static final int MOST_LINES = 50;
  private static final int MOST_CHARS = 16 * 1024;

  private final Deque<String> lines = new ArrayDeque<>();
  private int chars;

  /** Returns the last lines of what a file has from an offset on; none if it cannot be read. */
  public static List<String> ofFile(Path path, long from) {
    LastLines last = new LastLines();
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      long length = file.length();
      long start = Math.max(from, length - MOST_CHARS);
      byte[] bytes = new byte[(int) Math.max(0, length - start)];
      file.seek(start);
      file.readFully(bytes);
      LineSplitter splitter = new LineSplitter(MOST_CHARS, last::add);
      splitter.take(bytes, bytes.length);
      splitter.end();
    } catch (IOException e) {
      return List.of();
    }
    return last.snapshot();
  }

  /** Adds a line; the oldest go. */
  public synchronized void add(String line) {
    String kept = line.substring(Math.max(0, line.length() - MOST_CHARS));
    lines.add(kept);
    chars += kept.length();
    while (lines.size() > MOST_LINES || chars > MOST_CHARS) {
      chars -= lines.remove().length();
    }
  }

  /** Returns the lines, oldest first. */
  public synchronized List<String> snapshot() {
    return List.copyOf(lines);
  }
}
