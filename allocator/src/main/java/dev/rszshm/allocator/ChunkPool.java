package dev.rszshm.allocator;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.OutOfSpaceException;

/*
 * Chunks: taken by a lane, one or several in a row, and given back; the heap grows when there is none.
 *
 * Layout
 * ------
 * Owner words, in the states of OwnerWord. Of chunks that belong together the word of the first says how
 * many they are, and each other word says how far away the first is.
 *
 * Protocol
 * --------
 * take n chunks:
 *  1 from left to right: EMPTY to RESERVED(lane, distance) by compare-and-set. Failed: give back, go on;
 *  2 take memory for those that have none;
 *  3 the caller makes the first what it is to be (ACTIVE, LARGE): from now on they belong together;
 *  4 the others from RESERVED to BODY.
 * give n chunks back:
 *  1 the first to FREEING(lane, n) by compare-and-set: of two who try, one does it. (A single chunk of
 *    a slab is its owner's, and goes to EMPTY at once.)
 *  2 give the memory back, if it is much;
 *  3 each other from BODY to EMPTY, with the next generation, and its hint;
 *  4 the first to EMPTY, and its hint.
 * give the tail of a block back: 1 BODY to RESERVED(lane, distance); 2 the first to fewer chunks;
 *  3 RESERVED to EMPTY.
 * make a block longer: 1 EMPTY to RESERVED(lane, distance) behind it; 2 the first to more chunks; 3 to BODY.
 * grow: 1 make the heap longer; 2 take memory for the tables of the new chunks, which are zero: EMPTY;
 *  3 raise the number of chunks; 4 set their hints.
 *
 * If a process dies here
 * ----------------------
 * The recoverer finds every word that names the dead lane.
 * RESERVED: if the first chunk says that this one belongs to it, it becomes BODY, otherwise EMPTY, as if
 *  it had no memory (it may have none). That is right after each step of taking, shortening and
 *  lengthening.
 * FREEING: steps 3 and 4 are done again, for words that still are BODY at that distance. Memory is not
 *  given back again, as somebody may have taken a chunk meanwhile; the chunks count as if they had none.
 * A block may be freed while the recoverer settles those of its chunks that a dead lane has reserved: so both
 *  change their words by compare-and-set.
 * grow: after 1 and 2 a heap that is longer than its chunks say, which the next growth uses; after 3 hints
 *  are missing, but before it grows the next one looks at every chunk.
 */
final class ChunkPool {
  /** Memory of blocks from this length on is given back when they are freed: 4 MiB. */
  private static final long DISCARDED_AT_ONCE = 64;

  private final Tables tables;
  private final Heap heap;
  private final Geometry at;
  private final Hints hints;
  private final Trimming trimming;
  private Runnable relief = () -> {};

  ChunkPool(Tables tables, Hints hints) {
    this.tables = tables;
    this.heap = tables.heap;
    this.at = tables.at;
    this.hints = hints;
    this.trimming = new Trimming(tables, hints);
  }

  /** Sets what is done for room before the heap grows. */
  void relieveBy(Runnable action) {
    relief = action;
  }

  /**
   * Takes neighbouring chunks, in state RESERVED.
   *
   * @return the first; -1 if there are not so many and the heap can grow no further
   */
  int take(int lane, long count) {
    int chunk = takeHinted(lane, count);
    if (chunk < 0) {
      relief.run();
      chunk = takeHinted(lane, count);
    }
    while (chunk < 0) {
      int frontier = tables.frontier();
      chunk = search(lane, count, false);
      if (chunk < 0 && !grow(frontier, count)) {
        return -1;
      }
      chunk = chunk < 0 ? takeHinted(lane, count) : chunk;
    }
    return chunk;
  }

  private int takeHinted(int lane, long count) {
    return count == 1 ? takeOne(lane) : search(lane, count, true);
  }

  private int takeOne(int lane) {
    int end = tables.frontier();
    OutOfSpaceException full = null;
    for (long chunk = hints.next(HintLayout.EMPTY, 0, end);
        chunk >= 0;
        chunk = hints.next(HintLayout.EMPTY, chunk + 1, end)) {
      try {
        if (takeRow(lane, chunk, 1)) {
          return (int) chunk;
        }
        forgetHint(lane, chunk);
      } catch (OutOfSpaceException e) {
        full = e; // another chunk may still have its memory
      }
    }
    if (full != null) {
      throw full;
    }
    return -1;
  }

  /** Clears a hint that led to nothing, unless it has become right. */
  private void forgetHint(int lane, long chunk) {
    setPending(lane, chunk);
    hints.clear(HintLayout.EMPTY, chunk);
    hints.repair(chunk, tables.owner(chunk));
  }

  /** Looks for a row of empty chunks from left to right. */
  private int search(int lane, long count, boolean hinted) {
    int end = tables.frontier();
    long first = 0;
    long row = 0;
    for (long chunk = 0; chunk < end; chunk++) {
      if (row == 0 && hinted) {
        chunk = hints.next(HintLayout.EMPTY, chunk, end);
        if (chunk < 0) {
          return -1;
        }
      }
      if (OwnerWord.state(tables.owner(chunk)) != OwnerWord.EMPTY) {
        row = 0;
        continue;
      }
      first = row == 0 ? chunk : first;
      if (++row == count) {
        if (takeRow(lane, first, count)) {
          return (int) first;
        }
        row = 0;
      }
    }
    return -1;
  }

  /** Reserves a row of chunks, all or none, and lets them have memory. */
  private boolean takeRow(int lane, long first, long count) {
    boolean discarded = false;
    for (long i = 0; i < count; i++) {
      long word = tables.owner(first + i);
      if (OwnerWord.state(word) != OwnerWord.EMPTY
          || !tables.changeOwner(first + i, word, OwnerWord.reserve(word, lane, i))) {
        giveUp(first, i);
        return false;
      }
      discarded |= OwnerWord.isDiscarded(word);
    }
    setPending(lane, first);
    hints.clearEmpty(first, first + count);
    if (discarded) {
      try {
        heap.back(at.chunkOffset(first), count << SizeClasses.CHUNK_SHIFT);
      } catch (OutOfSpaceException e) {
        giveUp(first, count);
        throw e;
      }
    }
    return true;
  }

  /** Empties chunks that were reserved, which may have no memory. */
  private void giveUp(long first, long count) {
    for (long chunk = first; chunk < first + count; chunk++) {
      tables.setOwner(chunk, OwnerWord.emptyAgain(tables.owner(chunk), OwnerWord.DISCARDED));
    }
    hints.setEmpty(first, first + count);
  }

  /** Lets the reserved chunks behind the first belong to it. */
  void join(long first, long from, long count) {
    for (long i = from; i < count; i++) {
      long word = tables.owner(first + i);
      tables.setOwner(first + i, OwnerWord.of(OwnerWord.BODY, 0, 0, OwnerWord.generation(word), i));
    }
  }

  private boolean grow(int frontier, long count) {
    long empty = 0;
    while (empty < frontier
        && empty < count - 1
        && OwnerWord.state(tables.owner(frontier - 1 - empty)) == OwnerWord.EMPTY) {
      empty++;
    }
    long wanted = frontier + count - empty;
    if (wanted > at.chunkCount()) {
      return false;
    }
    lengthen(at.chunkOffset(wanted));
    long reached = (heap.length() - at.chunks()) >>> SizeClasses.CHUNK_SHIFT;
    int end = (int) Math.min(at.chunkCount(), reached);
    tables.back(at.ownerOffset(frontier), at.ownerOffset(end));
    tables.back(
        at.groupOffset(frontier >>> HintLayout.GROUP_SHIFT, 0),
        at.groupOffset(((end - 1) >>> HintLayout.GROUP_SHIFT) + 1L, 0));
    tables.back(at.descriptorOffset(frontier), at.descriptorOffset(end));
    tables.raise(AllocatorLayout.FRONTIER, end);
    hints.setEmpty(frontier, end);
    return true;
  }

  /**
   * Grows by the policy of the heap, which counts the chunks only: the tables take no memory yet.
   */
  private void lengthen(long length) {
    long present = Math.max(SizeClasses.CHUNK, heap.length() - at.chunks());
    long most = heap.span() - at.chunks();
    long wanted = heap.growthPolicy().nextLength(present, length - at.chunks(), most);
    try {
      heap.growTo(at.chunks() + Math.min(most, Math.max(wanted, length - at.chunks())));
    } catch (OutOfSpaceException e) {
      heap.growTo(length); // there may be room for this, if not for as much as the policy wants
    }
  }

  /** Gives one chunk of the caller back. */
  void release(int lane, long chunk, long word) {
    setPending(lane, chunk);
    tables.setOwner(chunk, OwnerWord.empty(word, 0));
    hints.set(HintLayout.EMPTY, chunk);
    trimming.note(lane, 1);
  }

  /**
   * Gives chunks back that belong together.
   *
   * @return whether the caller was the one who did it
   */
  boolean release(int lane, long first, long word, long count) {
    long freeing = OwnerWord.of(OwnerWord.FREEING, 0, lane, OwnerWord.generation(word), count);
    if (!tables.changeOwner(first, word, freeing)) {
      return false;
    }
    boolean discarded = count >= DISCARDED_AT_ONCE;
    if (discarded) {
      heap.discard(at.chunkOffset(first), count << SizeClasses.CHUNK_SHIFT);
    }
    finishRelease(first, freeing, discarded ? OwnerWord.DISCARDED : 0);
    trimming.note(lane, discarded ? 0 : count);
    return true;
  }

  /** Steps 3 and 4. */
  void finishRelease(long first, long freeing, int flags) {
    long count = OwnerWord.aux(freeing);
    for (long i = 1; i < count; i++) {
      long word = tables.owner(first + i);
      while (isMember(word, i)
          && !tables.changeOwner(first + i, word, OwnerWord.empty(word, flags))) {
        word = tables.owner(first + i);
      }
    }
    hints.setEmpty(first + 1, first + count);
    tables.setOwner(first, OwnerWord.empty(freeing, flags));
    hints.set(HintLayout.EMPTY, first);
  }

  /** RESERVED, if whoever took the chunks has died before they were joined. */
  private static boolean isMember(long word, long distance) {
    int state = OwnerWord.state(word);
    return (state == OwnerWord.BODY || state == OwnerWord.RESERVED)
        && OwnerWord.aux(word) == distance;
  }

  /** Makes a block of chunks shorter in place. */
  boolean shorten(int lane, long first, long word, long count) {
    long old = OwnerWord.aux(word);
    for (long i = count; i < old; i++) {
      tables.setOwner(first + i, OwnerWord.reserve(tables.owner(first + i), lane, i));
    }
    boolean changed =
        tables.changeOwner(first, word, OwnerWord.become(word, OwnerWord.LARGE, count));
    if (!changed) {
      return false;
    }
    for (long i = count; i < old; i++) {
      tables.setOwner(first + i, OwnerWord.empty(tables.owner(first + i), 0));
    }
    hints.setEmpty(first + count, first + old);
    trimming.note(lane, old - count);
    return true;
  }

  /**
   * Makes a block of chunks longer in place.
   *
   * @return whether the chunks behind it were empty
   */
  boolean lengthen(int lane, long first, long word, long count) {
    long old = OwnerWord.aux(word);
    if (first + count > tables.frontier()) {
      return false;
    }
    for (long i = old; i < count; i++) {
      long next = tables.owner(first + i);
      if (OwnerWord.state(next) != OwnerWord.EMPTY
          || !tables.changeOwner(first + i, next, OwnerWord.reserve(next, lane, i))) {
        giveUp(first + old, i - old);
        return false;
      }
    }
    hints.clearEmpty(first + old, first + count);
    try {
      heap.back(at.chunkOffset(first + old), (count - old) << SizeClasses.CHUNK_SHIFT);
    } catch (OutOfSpaceException e) {
      giveUp(first + old, count - old);
      return false;
    }
    if (!tables.changeOwner(first, word, OwnerWord.become(word, OwnerWord.LARGE, count))) {
      giveUp(first + old, count - old);
      return false;
    }
    join(first, old, count);
    return true;
  }

  /** Gives the memory of empty chunks back; returns bytes. */
  long trim(int lane) {
    return trimming.trim(lane, 0);
  }

  /** Names the chunk whose hints may be wrong if the lane dies now. */
  void setPending(int lane, long chunk) {
    heap.putLongRelease(at.laneOffset(lane) + LaneLayout.PENDING, chunk + 1);
  }
}
