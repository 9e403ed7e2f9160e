package dev.rszshm.allocator.internal.chunk;

import dev.rszshm.allocator.internal.table.AllocatorGeometry;
import dev.rszshm.allocator.internal.table.Hints;
import dev.rszshm.allocator.internal.table.OwnerWord;
import dev.rszshm.allocator.internal.table.SizeClasses;
import dev.rszshm.allocator.internal.table.Tables;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.heap.errors.OutOfSpaceException;
import java.util.BitSet;

/**
 * neighboring chunks that a lane reserves, all or none, and that can be given up again as they
 * were. Of those that have no memory it is known which.
 */
final class ReservedRow {
  private final Tables tables;
  private final Heap heap;
  private final AllocatorGeometry geometry;
  private final Hints hints;
  private final int lane;
  private final long first;
  private final BitSet discarded = new BitSet(0);
  private long reserved;

  ReservedRow(Tables tables, Hints hints, int lane, long first) {
    this.tables = tables;
    this.heap = tables.heap;
    this.geometry = tables.geometry;
    this.hints = hints;
    this.lane = lane;
    this.first = first;
  }

  /**
   * Reserves the next chunk, if it is empty.
   *
   * @param distance to the first chunk of those that it will belong to; 0: none
   */
  boolean reserve(long distance, boolean withMemory) {
    long chunk = first + reserved;
    long word = tables.owner(chunk);
    boolean without = !OwnerWord.isBacked(word);
    if (OwnerWord.state(word) != OwnerWord.EMPTY
        || (withMemory && without)
        || !tables.changeOwner(chunk, word, OwnerWord.reserve(word, lane, distance))) {
      return false;
    }
    discarded.set((int) reserved, without);
    reserved++;
    return true;
  }

  /**
   * Reserves so many, or none.
   *
   * @param distance of the first of them
   */
  boolean reserveAll(long count, long distance) {
    while (reserved < count) {
      if (!reserve(distance + reserved, false)) {
        giveUp();
        return false;
      }
    }
    hints.clearEmpty(first, first + count);
    return true;
  }

  long length() {
    return reserved;
  }

  /** Number of chunks that had no memory when they were reserved. */
  int withoutMemory() {
    return discarded.cardinality();
  }

  /**
   * Lets all have memory; whatever is thrown, they are given up. If there is not enough, the file
   * system gets back what could be had.
   *
   * @throws OutOfSpaceException if the file system has no room
   */
  void back() {
    if (discarded.isEmpty()) {
      return;
    }
    boolean backed = false;
    try {
      heap.back(geometry.chunkOffset(first), reserved << SizeClasses.CHUNK_SHIFT);
      backed = true;
    } catch (OutOfSpaceException e) {
      discardAgain(e);
      throw e;
    } finally {
      if (!backed && heap.isOpen()) {
        giveUp();
      }
    }
  }

  /** Gives back what chunks may have by now that had no memory. */
  private void discardAgain(OutOfSpaceException failure) {
    int end;
    for (int from = discarded.nextSetBit(0); from >= 0; from = discarded.nextSetBit(end)) {
      end = discarded.nextClearBit(from);
      try {
        heap.discard(
            geometry.chunkOffset(first + from), (long) (end - from) << SizeClasses.CHUNK_SHIFT);
      } catch (HeapException e) {
        failure.addSuppressed(e);
      }
    }
  }

  /** Gives the memory of all back, and them up; whatever is thrown, they are given up. */
  void discard() {
    discarded.set(0, (int) reserved);
    try {
      heap.discard(geometry.chunkOffset(first), reserved << SizeClasses.CHUNK_SHIFT);
    } finally {
      if (heap.isOpen()) {
        giveUp();
      }
    }
  }

  /** Makes all empty again. */
  void giveUp() {
    for (long i = 0; i < reserved; i++) {
      long word = tables.owner(first + i);
      int flags = discarded.get((int) i) ? 0 : OwnerWord.BACKED;
      if (OwnerWord.isReservedBy(word, lane)) {
        tables.changeOwner(first + i, word, OwnerWord.emptyAgain(word, flags));
      }
    }
    hints.setEmpty(first, first + reserved);
  }
}
