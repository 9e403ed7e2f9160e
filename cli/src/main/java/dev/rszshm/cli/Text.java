package dev.rszshm.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What is written for people. */
public final class Text {
  private static final long MINUTE = 60;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;

  private Text() {}

  /** Names come from files that others wrote: they must not speak to the terminal. */
  public static String printable(String text) {
    StringBuilder safe = new StringBuilder();
    text.codePoints().forEach(c -> safe.appendCodePoint(isPrintable(c) ? c : '?'));
    return safe.toString();
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  /** How long something has been there: {@code 3 min}, {@code 2 d}. */
  static String age(Instant since) {
    long seconds = Math.max(0, Duration.between(since, Instant.now()).toSeconds());
    if (seconds < MINUTE) {
      return seconds + " s";
    }
    if (seconds < HOUR) {
      return seconds / MINUTE + " min";
    }
    return seconds < 2 * DAY ? seconds / HOUR + " h" : seconds / DAY + " d";
  }

  /** Rows whose columns stand below one another; the first is the heading. */
  static final class Table {
    private final List<String[]> rows = new ArrayList<>();
    private final String alignment;

    /**
     * Makes a table.
     *
     * @param alignment of each column, {@code <} or {@code >}
     */
    Table(String alignment, String... heading) {
      this.alignment = alignment;
      rows.add(heading);
    }

    void add(Object... cells) {
      String[] row = new String[cells.length];
      for (int i = 0; i < cells.length; i++) {
        row[i] = printable(String.valueOf(cells[i]));
      }
      rows.add(row);
    }

    void print(PrintStream out) {
      int[] width = new int[alignment.length()];
      for (String[] row : rows) {
        for (int i = 0; i < row.length; i++) {
          width[i] = Math.max(width[i], row[i].length());
        }
      }
      for (String[] row : rows) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.length; i++) {
          String space = " ".repeat(width[i] - row[i].length());
          line.append(i == 0 ? "" : "  ")
              .append(alignment.charAt(i) == '>' ? space + row[i] : row[i] + space);
        }
        out.println(line.toString().stripTrailing());
      }
    }
  }
}
