package dev.rszshm.structures.counters;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The highest of many counts: at most so many are kept. */
final class TopCounts {
  /** A key and its count. */
  @SuppressWarnings("ArrayRecordComponent") // it lives for a call, and nobody compares it
  record Entry(byte[] key, long count) {}

  /** The first is the best: the highest count, and of the same the lowest key. */
  private static final Comparator<Entry> BEST =
      Comparator.comparingLong(Entry::count)
          .reversed()
          .thenComparing(Entry::key, Arrays::compareUnsigned);

  private final int most;
  private final PriorityQueue<Entry> worstFirst = new PriorityQueue<>(BEST.reversed());

  TopCounts(int most) {
    if (most < 0) {
      throw new IllegalArgumentException("a number of keys cannot be negative, found " + most);
    }
    this.most = most;
  }

  /** Whether a key with this count may be one of them. */
  boolean mayHave(long count) {
    return most > 0 && (worstFirst.size() < most || count >= worstFirst.element().count);
  }

  void add(byte[] key, long count) {
    worstFirst.add(new Entry(key, count));
    if (worstFirst.size() > most) {
      worstFirst.remove();
    }
  }

  List<Entry> sorted() {
    List<Entry> entries = new ArrayList<>(worstFirst);
    entries.sort(BEST);
    return entries;
  }
}
