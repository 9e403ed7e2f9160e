package dev.rszshm.allocator.internal.chunk;

import dev.rszshm.allocator.internal.table.HintLayout;
import dev.rszshm.allocator.internal.table.Hints;
import dev.rszshm.allocator.internal.table.SizeClasses;
import dev.rszshm.allocator.internal.table.Tables;

/*
 * Gives the memory of empty chunks back to the file system, so that the file needs fewer blocks.
 *
 * Protocol
 * --------
 *  1 EMPTY to RESERVED(lane, 0) by compare-and-set, for neighbors as many as there are;
 *  2 give their memory back;
 *  3 RESERVED to EMPTY, without memory;
 *  4 set their hints, which others may have cleared when they found the chunks RESERVED.
 *
 * If a process dies here
 * ----------------------
 * A chunk that is RESERVED and belongs to no first chunk becomes EMPTY, without memory: right in any case.
 * So does one whose memory could not be given back, whatever was thrown.
 */
public final class Trimming {
  /** Empty chunks that keep their memory when nobody asked: 4 MiB. */
  static final int KEPT = 64;

  private static final int MAX_AT_ONCE = 1024;

  private final Tables tables;
  private final Hints hints;

  /** Chunks that were emptied since the last time; a guess, for the sake of speed. */
  private long emptied;

  Trimming(Tables tables, Hints hints) {
    this.tables = tables;
    this.hints = hints;
  }

  /** Notes that chunks were emptied; returns whether that has become so much that it is time. */
  boolean isDue(long chunks) {
    emptied += chunks;
    if (emptied <= KEPT || emptied <= 2 * KEPT + tables.frontier() / 4) {
      return false;
    }
    emptied = 0;
    return true;
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
      ReservedRow row = new ReservedRow(tables, hints, lane, chunk);
      while (skipped >= kept
          && row.length() < MAX_AT_ONCE
          && chunk + row.length() < end
          && row.reserve(0, true)) {
        trimmed++;
      }
      if (row.length() == 0) {
        skipped++;
        chunk++;
      } else {
        row.discard();
        hints.setEmpty(chunk, chunk + row.length()); // somebody may have cleared them meanwhile
        chunk += row.length();
      }
    }
    return trimmed << SizeClasses.CHUNK_SHIFT;
  }
}
