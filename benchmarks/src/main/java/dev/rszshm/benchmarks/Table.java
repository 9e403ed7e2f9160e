package dev.rszshm.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A Markdown table with a line above it that says what it shows. */
final class Table {
  private final String caption;
  private final List<String> lines = new ArrayList<>();

  Table(String caption, String... columns) {
    this.caption = caption;
    row((Object[]) columns);
    lines.add("|" + "---|".repeat(columns.length));
  }

  void row(Object... cells) {
    StringBuilder line = new StringBuilder("|");
    for (Object cell : cells) {
      line.append(' ').append(cell).append(" |");
    }
    lines.add(line.toString());
  }

  /** A ratio and whether it is what is wanted. */
  static String verdict(boolean reached) {
    return reached ? "reached" : "**missed**";
  }

  static String number(double value) {
    return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
  }

  @Override
  public String toString() {
    return caption + "\n\n" + String.join("\n", lines) + "\n";
  }
}
