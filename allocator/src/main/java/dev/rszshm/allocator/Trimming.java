package dev.rszshm.allocator;

import dev.rszshm.heap.Heap;

/*
 * Gives the memory of empty chunks back to the file system, so that the file needs fewer blocks.
 *
 * Protocol
 * --------
 *  1 EMPTY to RESERVED(lane, 0) by compare-and-set, for neighbours as many as there are;
 *  2 give their memory back;
 *  3 RESERVED to EMPTY, without memory;
 *  4 set their hints, which others may have cleared when they found the chunks RESERVED.
 *
 * If a process dies here
 * ----------------------
 * A chunk that is RESERVED and belongs to no first chunk becomes EMPTY, without memory: right in any case.
 */
final class Trimming {
  /** Empty chunks that keep their memory when nobody asked: 4 MiB. */
  private static final int KEPT = 64;

  private static final int MOST_AT_ONCE = 1024;

  private final Tables tables;
  private final Heap heap;
  private final Geometry at;
  private final Hints hints;

  /** Chunks that were emptied since the last time; a guess, for the sake of speed. */
  private long emptied;

  Trimming(Tables tables, Hints hints) {
    this.tables = tables;
    this.heap = tables.heap;
    this.at = tables.at;
    this.hints = hints;
  }

  /** Notes that chunks were emptied, and trims if that has become much. */
  void note(int lane, long chunks) {
    emptied += chunks;
    if (emptied > KEPT && emptied > 2 * KEPT + tables.frontier() / 4) {
      emptied = 0;
      trim(lane, KEPT);
    }
  }

  /**
   * Gives back the memory of all but some empty chunks.
   *
   * @return bytes
   */
  long trim(int lane, long kept) {
    long skipped = 0;
    long trimmed = 0;
    int end = tables.frontier();
    for (long chunk = hints.next(HintLayout.EMPTY, 0, end);
        chunk >= 0;
        chunk = hints.next(HintLayout.EMPTY, chunk, end)) {
      long row = skipped < kept ? 0 : reserve(lane, chunk, end);
      if (row == 0) {
        skipped++;
        chunk++;
      } else {
        heap.discard(at.chunkOffset(chunk), row << SizeClasses.CHUNK_SHIFT);
        for (long i = 0; i < row; i++) {
          long word = tables.owner(chunk + i);
          tables.setOwner(chunk + i, OwnerWord.emptyAgain(word, OwnerWord.DISCARDED));
        }
        hints.setEmpty(chunk, chunk + row);
        hints.setEmpty(chunk, chunk + row); // somebody may have cleared them meanwhile
        trimmed += row;
        chunk += row;
      }
    }
    return trimmed << SizeClasses.CHUNK_SHIFT;
  }

  private long reserve(int lane, long first, int end) {
    long row = 0;
    while (row < MOST_AT_ONCE && first + row < end) {
      long word = tables.owner(first + row);
      if (OwnerWord.state(word) != OwnerWord.EMPTY
          || OwnerWord.isDiscarded(word)
          || !tables.changeOwner(first + row, word, OwnerWord.reserve(word, lane, 0))) {
        break;
      }
      row++;
    }
    return row;
  }
}
