package dev.rszshm.allocator.internal.chunk;

import dev.rszshm.allocator.internal.table.HintLayout;
import dev.rszshm.allocator.internal.table.Hints;
import dev.rszshm.allocator.internal.table.OwnerWord;
import dev.rszshm.allocator.internal.table.Tables;
import dev.rszshm.heap.errors.OutOfSpaceException;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a row of empty chunks, and takes it. On a full file system it goes on with rows that
 * lack less memory than the one that there was no room for.
 */
final class RowSearch {
  private final Tables tables;
  private final Hints hints;
  private final ChunkPool pool;
  private final int lane;
  private final long count;

  /** A row that lacks the memory of so many chunks is not tried. */
  private long tooMany = Long.MAX_VALUE;

  private @Nullable OutOfSpaceException full;

  RowSearch(Tables tables, Hints hints, ChunkPool pool, int lane, long count) {
    this.tables = tables;
    this.hints = hints;
    this.pool = pool;
    this.lane = lane;
    this.count = count;
  }

  /** Why a row that was found could not be taken; null if none was found. */
  @Nullable OutOfSpaceException full() {
    return full;
  }

  /** Takes a row that hints lead to; returns its first chunk, or -1. */
  int takeHinted() {
    return count == 1 ? takeOne() : takeRow(true);
  }

  /** Takes any row; returns its first chunk, or -1. */
  int takeAny() {
    return takeRow(false);
  }

  private int takeOne() {
    int end = tables.frontier();
    for (long chunk = hints.next(HintLayout.EMPTY, 0, end);
        chunk >= 0;
        chunk = hints.next(HintLayout.EMPTY, chunk + 1, end)) {
      long word = tables.owner(chunk);
      boolean empty = OwnerWord.state(word) == OwnerWord.EMPTY;
      if (empty && !OwnerWord.isBacked(word) && tooMany == 1) {
        continue; // another may still have its memory
      }
      if (empty && take(chunk)) {
        return (int) chunk;
      }
      if (OwnerWord.state(tables.owner(chunk)) != OwnerWord.EMPTY) {
        pool.forgetHint(lane, chunk);
      }
    }
    return -1;
  }

  /** Goes from left to right. */
  private int takeRow(boolean hinted) {
    int end = tables.frontier();
    long row = 0;
    long without = 0;
    for (long chunk = 0; chunk < end; chunk++) {
      if (row == 0 && hinted) {
        chunk = hints.next(HintLayout.EMPTY, chunk, end);
        if (chunk < 0) {
          return -1;
        }
      }
      long word = tables.owner(chunk);
      if (OwnerWord.state(word) != OwnerWord.EMPTY) {
        row = 0;
        without = 0;
        continue;
      }
      row++;
      without += OwnerWord.isBacked(word) ? 0 : 1;
      if (row > count) {
        without -= OwnerWord.isBacked(tables.owner(chunk - count)) ? 0 : 1;
      }
      if (row >= count && without < tooMany) {
        long first = chunk - count + 1;
        long before = tooMany;
        if (take(first)) {
          return (int) first;
        }
        if (tooMany == before) { // somebody else has taken some of it
          row = 0;
          without = 0;
        }
      }
    }
    return -1;
  }

  private boolean take(long first) {
    ReservedRow row = new ReservedRow(tables, hints, lane, first);
    if (!row.reserveAll(count, 0)) {
      return false;
    }
    pool.setPending(lane, first);
    try {
      row.back();
      return true;
    } catch (OutOfSpaceException e) {
      full = e;
      tooMany = row.withoutMemory();
      return false;
    }
  }
}
