package dev.rszshm.allocator.internal.table;

import dev.rszshm.heap.Heap;

/*
 * Where to look for empty chunks and for slabs with room.
 *
 * Layout
 * ------
 * HintLayout: words of 64 chunks, and above them summary words of 64 groups.
 *
 * Protocol
 * --------
 * A chunk's owner word changes first, its hint after that.
 *  set:   1 the bit of the chunk; 2 the bit of its group in the summary, unless it is set.
 *  clear: 1 the bit of the chunk; 2 if none is left in the word, the bit of the group;
 *         3 read the word again, and set the bit of the group again if there is one.
 * Who clears a hint because it was wrong reads the owner word again, and sets the hint again if it
 * has become right meanwhile.
 *
 * If a process dies here
 * ----------------------
 * A hint may be missing, or be set in vain. The second costs a look. For the first the lane's pending
 * word names the chunk, which its recoverer repairs; and before the heap grows, every chunk is looked at.
 * After 2 of clear the bit of a group may be missing that others rely on, for their chunks: so the bits of
 * that group are repaired as well, of every kind.
 */
public final class Hints {
  private final Heap heap;
  private final AllocatorGeometry geometry;

  public Hints(Tables tables) {
    this.heap = tables.heap;
    this.geometry = tables.geometry;
  }

  public void set(int kind, long chunk) {
    long group = chunk >>> HintLayout.GROUP_SHIFT;
    heap.getAndBitwiseOrLong(geometry.groupOffset(group, kind), 1L << chunk);
    summarise(kind, group);
  }

  private void summarise(int kind, long group) {
    long summary = geometry.summaryOffset(kind, (int) (group >>> HintLayout.GROUP_SHIFT));
    if ((heap.getLongVolatile(summary) & 1L << group) == 0) {
      heap.getAndBitwiseOrLong(summary, 1L << group);
    }
  }

  /** Sets the hints of neighbors that are empty. */
  public void setEmpty(long from, long to) {
    for (long chunk = from; chunk < to; chunk = (chunk | 63) + 1) {
      long group = chunk >>> HintLayout.GROUP_SHIFT;
      heap.getAndBitwiseOrLong(geometry.groupOffset(group, HintLayout.EMPTY), bits(chunk, to));
      summarise(HintLayout.EMPTY, group);
    }
  }

  /** Clears the hints of neighbors that are not empty any more. */
  public void clearEmpty(long from, long to) {
    for (long chunk = from; chunk < to; chunk = (chunk | 63) + 1) {
      clear(HintLayout.EMPTY, chunk >>> HintLayout.GROUP_SHIFT, bits(chunk, to));
    }
  }

  /** The bits of the chunks from one on that lie in its group, and before an end. */
  private static long bits(long from, long end) {
    return -1L << from & (end > (from | 63) ? -1L : (1L << end) - 1);
  }

  public void clear(int kind, long chunk) {
    clear(kind, chunk >>> HintLayout.GROUP_SHIFT, 1L << chunk);
  }

  private void clear(int kind, long group, long bits) {
    long offset = geometry.groupOffset(group, kind);
    if ((heap.getAndBitwiseAndLong(offset, ~bits) & ~bits) == 0) {
      long summary = geometry.summaryOffset(kind, (int) (group >>> HintLayout.GROUP_SHIFT));
      heap.getAndBitwiseAndLong(summary, ~(1L << group));
      if (heap.getLongVolatile(offset) != 0) {
        heap.getAndBitwiseOrLong(summary, 1L << group);
      }
    }
  }

  /**
   * The next chunk that has a hint of a kind.
   *
   * @param from where to begin
   * @param end number of chunks that exist
   * @return -1 if there is none from there on
   */
  public long next(int kind, long from, long end) {
    long chunk = from;
    while (chunk < end) {
      long group = chunk >>> HintLayout.GROUP_SHIFT;
      long summary = geometry.summaryOffset(kind, (int) (group >>> HintLayout.GROUP_SHIFT));
      long groups = heap.getLongAcquire(summary) & -1L << group;
      if (groups == 0) {
        chunk = ((group | 63) + 1) << HintLayout.GROUP_SHIFT;
        continue;
      }
      long found = (group & ~63L) | Long.numberOfTrailingZeros(groups);
      if (found << HintLayout.GROUP_SHIFT >= end) {
        return -1; // its words may have no memory
      }
      long bits = heap.getLongAcquire(geometry.groupOffset(found, kind));
      bits &= found == group ? -1L << chunk : -1L;
      if (bits != 0) {
        long hinted = found << HintLayout.GROUP_SHIFT | Long.numberOfTrailingZeros(bits);
        return hinted < end ? hinted : -1;
      }
      chunk = (found + 1) << HintLayout.GROUP_SHIFT;
    }
    return -1;
  }

  /** Sets the bits that the group of a chunk should have in the summary. */
  public void repairGroup(long chunk) {
    long group = chunk >>> HintLayout.GROUP_SHIFT;
    for (int kind = 0; kind < HintLayout.KINDS; kind++) {
      if (heap.getLongVolatile(geometry.groupOffset(group, kind)) != 0) {
        summarise(kind, group);
      }
    }
  }

  /** Sets the hint that a chunk should have. */
  public void repair(long chunk, long owner) {
    if (OwnerWord.state(owner) == OwnerWord.EMPTY) {
      set(HintLayout.EMPTY, chunk);
    } else if (OwnerWord.state(owner) == OwnerWord.PARTIAL && OwnerWord.chunks(owner) > 0) {
      set(HintLayout.partial(OwnerWord.sizeClass(owner)), chunk);
    }
  }
}
