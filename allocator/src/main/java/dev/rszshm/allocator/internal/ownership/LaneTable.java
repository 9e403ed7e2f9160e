package dev.rszshm.allocator.internal.ownership;

import dev.rszshm.allocator.internal.table.AllocatorLayout;
import dev.rszshm.allocator.internal.table.LaneLayout;
import dev.rszshm.allocator.internal.table.Tables;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;
import dev.rszshm.heap.errors.OutOfSpaceException;
import org.jspecify.annotations.Nullable;

/** The lanes as they are in the tables of the heap: which are free, and which have memory. */
final class LaneTable {
  private final Tables tables;
  private final Heap heap;

  /** The word of a lane that this participant has. */
  final long liveWord;

  /** The lane taken last, which may have come to nobody: a stack may be full at any call. */
  private int taken;

  /** Why there was no memory for another lane. */
  private volatile @Nullable OutOfSpaceException full;

  LaneTable(Tables tables, @Nullable Participant self) {
    this.tables = tables;
    this.heap = tables.heap;
    this.liveWord =
        self == null ? 0 : LaneLayout.word(LaneLayout.LIVE, self.slot(), self.generation());
  }

  private long offset(int number) {
    return tables.geometry.laneOffset(number) + LaneLayout.WORD;
  }

  /** Number of lanes that there can be. */
  int laneCount() {
    return tables.geometry.laneCount();
  }

  /** Whether a lane is one that this participant has. */
  boolean isOwn(int number) {
    return heap.getLongAcquire(offset(number)) == liveWord;
  }

  /** Takes a lane that is free; -1 if there is none. */
  int take() {
    while (true) {
      int count = tables.laneFrontier();
      for (int number = 1; number <= count; number++) {
        if (heap.getLongAcquire(offset(number)) == 0) {
          taken = number;
          if (heap.compareAndSetLong(offset(number), 0, liveWord)) {
            return number;
          }
        }
      }
      if (count == laneCount() || !hasMemoryFor(count + 1)) {
        return -1;
      }
      tables.raise(AllocatorLayout.LANE_FRONTIER, count + 1);
    }
  }

  /** The lane taken last, until it is forgotten; 0 if there is none. */
  int taken() {
    return taken;
  }

  void forgetTaken() {
    taken = 0;
  }

  /** Whether no lane is free, and no other can be made. */
  boolean isExhausted() {
    int count = tables.laneFrontier();
    boolean free = false;
    for (int number = 1; number <= count && !free; number++) {
      free = heap.getLongAcquire(offset(number)) == 0;
    }
    return !free && (count == laneCount() || !hasMemoryFor(count + 1));
  }

  /** On a full file system there are no more lanes than have memory. */
  private boolean hasMemoryFor(int number) {
    try {
      tables.back(tables.geometry.laneOffset(number), tables.geometry.laneOffset(number + 1));
      return true;
    } catch (OutOfSpaceException e) {
      full = e;
      return false;
    }
  }

  /** Why there is no more memory for lanes; null if it is not that. */
  @Nullable OutOfSpaceException lackOfMemory() {
    return tables.laneFrontier() < laneCount() ? full : null;
  }

  /** Gives back a lane that this participant has. */
  void giveBack(int number) {
    heap.compareAndSetLong(offset(number), liveWord, 0);
  }
}
