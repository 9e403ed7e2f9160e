package dev.rszshm.structures.internal.worker;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last lines of a stream, of which only so many are kept. */
public final class LastLines {
  private static final int MOST_LINES = 50;
  private static final int MOST_CHARS = 16 * 1024;

  private final Deque<String> lines = new ArrayDeque<>();
  private int chars;

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
