package dev.rszshm.cli.fill;

import java.util.List;

/**
 * Indices that belong together.
 *
 * @param from the first
 * @param to the last
 */
public record IndexRange(long from, long to) {

  long length() {
    return to - from + 1;
  }

  /** How many indices there are in all. */
  static long length(List<IndexRange> ranges) {
    long length = 0;
    for (IndexRange range : ranges) {
      length += range.length();
    }
    return length;
  }

  /** Appends indices, joining them to the last range if they follow it. */
  static void append(List<IndexRange> ranges, long from, long to) {
    int last = ranges.size() - 1;
    if (last >= 0 && ranges.get(last).to == from - 1) {
      ranges.set(last, new IndexRange(ranges.get(last).from, to));
    } else {
      ranges.add(new IndexRange(from, to));
    }
  }

  @Override
  public String toString() {
    return from == to ? Long.toString(from) : from + "-" + to;
  }
}
