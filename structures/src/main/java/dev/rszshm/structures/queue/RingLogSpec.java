package dev.rszshm.structures.queue;

import dev.rszshm.heap.Heap;

/**
 * How a log is made. All processes name the same.
 *
 * @param entries how many entries are kept, 1 to 4,194,240; the number of the last ones that can be
 *     read
 * @param maxLength the most bytes of an entry, 1 to 2^30
 */
public record RingLogSpec(int entries, int maxLength) {
  /** The most entries that can be kept. */
  public static final int MAX_ENTRIES = (1 << 22) - RingLogLayout.WRITERS;

  /** The greatest length of an entry that can be named. */
  public static final int MAX_LENGTH = 1 << 30;

  private static final int ENTRIES_SHIFT = 32;

  /** Checks the numbers. */
  public RingLogSpec {
    if (entries < 1 || entries > MAX_ENTRIES) {
      throw new IllegalArgumentException(
          "found " + entries + " entries, expected 1 to " + MAX_ENTRIES);
    }
    if (maxLength < 1 || maxLength > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "found entries of " + maxLength + " bytes at most, expected 1 to " + MAX_LENGTH);
    }
  }

  /** Returns a log that keeps so many entries, of so many bytes each at most. */
  public static RingLogSpec of(int entries, int maxLength) {
    return new RingLogSpec(entries, maxLength);
  }

  /** What the log at an offset says, if there is one. */
  static RingLogSpec at(Heap heap, long offset) {
    return decode(heap.getLongAcquire(offset + RingLogLayout.OPTIONS));
  }

  /** The word of the layout that says it all; not 0. */
  long encode() {
    return (long) entries << ENTRIES_SHIFT | maxLength;
  }

  /**
   * What a word of the layout says.
   *
   * @throws IllegalArgumentException if it says nothing
   */
  static RingLogSpec decode(long word) {
    return new RingLogSpec((int) (word >>> ENTRIES_SHIFT), (int) word);
  }
}
