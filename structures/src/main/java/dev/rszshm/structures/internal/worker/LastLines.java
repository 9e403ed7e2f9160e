package dev.rszshm.structures.internal.worker;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The last lines of a stream, of which only so many are kept. Of a long stack the middle goes
 * first: what was thrown stands before it.
 */
public final class LastLines {
  private static final int MOST_LINES = 50;
  private static final int MOST_CHARS = 16 * 1024;

  /** So many lines of a stack are kept, and its last one. */
  private static final int MOST_FRAMES = 15;

  private static final String FRAME = "\tat ";

  private final Deque<String> lines = new ArrayDeque<>();
  private int chars;

  /** How many of the last lines are of one stack, those included that are not kept. */
  private int frames;

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
    frames = isFrame(line) ? frames + 1 : 0;
    if (frames > MOST_FRAMES + 1 && !lines.isEmpty()) {
      chars -= lines.removeLast().length();
    }
    lines.add(kept);
    chars += kept.length();
    while (lines.size() > MOST_LINES || chars > MOST_CHARS) {
      chars -= lines.remove().length();
    }
  }

  private static boolean isFrame(String line) {
    return line.startsWith(FRAME);
  }

  /**
   * Returns the most telling of some lines, in their order: the first one, what stands before a
   * stack, and the last ones; "…" for what is left out.
   *
   * @param last how many of the last ones
   */
  public static List<String> digest(List<String> lines, int last) {
    List<String> digest = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < lines.size(); i++) {
      boolean beforeStack =
          i + 1 < lines.size() && !isFrame(lines.get(i)) && isFrame(lines.get(i + 1));
      if (i == 0 || beforeStack || i >= lines.size() - last) {
        if (i > next) {
          digest.add("…");
        }
        digest.add(lines.get(i));
        next = i + 1;
      }
    }
    return digest;
  }

  /** Returns the lines, oldest first. */
  public synchronized List<String> snapshot() {
    return List.copyOf(lines);
  }
}
