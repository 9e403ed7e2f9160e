package dev.rszshm.allocator.internal.chunk;

import dev.rszshm.allocator.internal.table.AllocatorGeometry;
import dev.rszshm.allocator.internal.table.AllocatorLayout;
import dev.rszshm.allocator.internal.table.HintLayout;
import dev.rszshm.allocator.internal.table.Hints;
import dev.rszshm.allocator.internal.table.OwnerWord;
import dev.rszshm.allocator.internal.table.SizeClasses;
import dev.rszshm.allocator.internal.table.Tables;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.HeapException;

/*
 * Makes the heap longer, and chunks of what is added.
 *
 * Protocol
 * --------
 *  1 take memory for the tables of the new chunks, which are zero: EMPTY, without memory; 2 make the heap
 *    longer; 3 raise the number of chunks; 4 set their hints.
 * First for the chunks that are needed, then for those that the growth policy of the heap wishes for, for
 * which there may be no room. Whoever takes a chunk takes memory for it; where the file system cannot do
 * that, it is taken here, as 2 is done.
 *
 * If a process dies here
 * ----------------------
 * After 1 and 2 a heap that is longer than its chunks say, which the next growth uses; after 3 hints are
 * missing, but before it grows the next one looks at every chunk.
 */
final class ChunkGrowth {
  private final Tables tables;
  private final Heap heap;
  private final AllocatorGeometry geometry;
  private final Hints hints;

  ChunkGrowth(Tables tables, Hints hints) {
    this.tables = tables;
    this.heap = tables.heap;
    this.geometry = tables.geometry;
    this.hints = hints;
  }

  /**
   * Makes so many chunks in a row, with those that are empty at the end.
   *
   * @param frontier number of chunks when there was no such row
   * @return whether the span has room for them
   * @throws dev.rszshm.heap.errors.OutOfSpaceException if the file system has no room
   */
  boolean grow(int frontier, long count) {
    long empty = 0;
    while (empty < frontier
        && empty < count - 1
        && OwnerWord.state(tables.owner(frontier - 1 - empty)) == OwnerWord.EMPTY) {
      empty++;
    }
    long needed = frontier + count - empty;
    if (needed > geometry.chunkCount()) {
      return false;
    }
    long wished = wish(needed);
    extend(frontier, needed);
    if (wished > needed) {
      try {
        extend(needed, wished);
      } catch (HeapException e) {
        return true; // what is needed is there
      }
    }
    return true;
  }

  /** What the policy of the heap wants, which counts the chunks only: they are what grows. */
  private long wish(long needed) {
    long present = Math.max(SizeClasses.CHUNK, heap.length() - geometry.chunks());
    long length = needed << SizeClasses.CHUNK_SHIFT;
    if (length <= present) {
      return Math.max(
          needed, Math.min(geometry.chunkCount(), tables.room())); // it is that long already
    }
    long most = heap.span() - geometry.chunks();
    long wanted = Math.min(most, heap.growthPolicy().nextLength(present, length, most));
    return Math.min(geometry.chunkCount(), wanted >>> SizeClasses.CHUNK_SHIFT);
  }

  private void extend(long from, long to) {
    tables.back(geometry.ownerOffset(from), geometry.ownerOffset(to));
    tables.back(
        geometry.groupOffset(from >>> HintLayout.GROUP_SHIFT, 0),
        geometry.groupOffset(((to - 1) >>> HintLayout.GROUP_SHIFT) + 1L, 0));
    boolean later = tables.back(geometry.descriptorOffset(from), geometry.descriptorOffset(to));
    if (later) {
      heap.growSparse(geometry.chunkOffset(to));
    } else {
      heap.growTo(geometry.chunkOffset(to));
    }
    tables.raise(AllocatorLayout.FRONTIER, to);
    hints.setEmpty(from, to);
  }
}
