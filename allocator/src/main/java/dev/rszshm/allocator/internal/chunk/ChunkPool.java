package dev.rszshm.allocator.internal.chunk;

import dev.rszshm.allocator.internal.table.AllocatorGeometry;
import dev.rszshm.allocator.internal.table.HintLayout;
import dev.rszshm.allocator.internal.table.Hints;
import dev.rszshm.allocator.internal.table.LaneLayout;
import dev.rszshm.allocator.internal.table.OwnerWord;
import dev.rszshm.allocator.internal.table.SizeClasses;
import dev.rszshm.allocator.internal.table.Tables;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.HeapException;
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
 *  1 from left to right: EMPTY to RESERVED(lane, distance) by compare-and-set. Failed: give back, go on
 *    (RowSearch, ReservedRow);
 *  2 take memory for those that have none;
 *  3 the caller makes the first what it is to be (ACTIVE, LARGE): from now on they belong together;
 *  4 the others from RESERVED to BODY.
 * give n chunks back:
 *  1 the first to FREEING(lane, n) by compare-and-set: of two who try, one does it. (A single chunk of
 *    a slab is its owner's, and goes to EMPTY at once.)
 *  2 give the memory back, if it is much;
 *  3 each other from BODY to EMPTY, with the next generation, and its hint;
 *  4 the first to EMPTY, and its hint.
 * give the tail of a block back: 1 BODY to RESERVED(lane, distance) by compare-and-set; 2 the first to fewer
 *  chunks; 3 RESERVED to EMPTY.
 * make a block longer: 1 EMPTY to RESERVED(lane, distance) behind it; 2 the first to more chunks; 3 to BODY.
 * Only who has RESERVED a chunk, and who frees the block it belongs to, changes it from there, both by
 * compare-and-set: a block that is freed while it is made longer or shorter, by mistake, is freed all the same.
 * If there are none, the caller is told so; the allocator then recovers what the dead had, and asks again
 * with leave to let the heap grow: ChunkGrowth.
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
 *
 * If a thread is interrupted by an error here
 * -------------------------------------------
 * It leaves what a death would leave, of a lane that goes on: so each operation notes that the lane is about
 * to change chunks, and that it has done so. The next one of a lane that was left in the middle first does
 * what a recoverer would do (settle).
 */
public final class ChunkPool {
  /** Memory of blocks from this length on is given back when they are freed: 4 MiB. */
  private static final long DISCARDED_AT_ONCE = 64;

  private final Tables tables;
  private final Heap heap;
  private final AllocatorGeometry geometry;
  private final Hints hints;
  private final Trimming trimming;
  private final ChunkGrowth growth;

  /** For each lane whether an operation has begun that has not ended; only its own thread looks. */
  private final boolean[] unsettled;

  public ChunkPool(Tables tables, Hints hints) {
    this.tables = tables;
    this.heap = tables.heap;
    this.geometry = tables.geometry;
    this.hints = hints;
    this.trimming = new Trimming(tables, hints);
    this.growth = new ChunkGrowth(tables, hints);
    this.unsettled = new boolean[geometry.laneCount() + 1];
  }

  private void begin(int lane) {
    settle(lane);
    unsettled[lane] = true;
  }

  private void end(int lane) {
    unsettled[lane] = false;
  }

  /** Does what a recoverer would do, if the last operation of a lane has not ended. */
  public void settle(int lane) {
    if (!unsettled[lane]) {
      return;
    }
    int end = tables.frontier();
    for (int chunk = 0; chunk < end; chunk++) {
      long word = tables.owner(chunk);
      if (OwnerWord.lane(word) == lane) {
        settle(chunk, word);
      }
    }
    unsettled[lane] = false;
  }

  /**
   * Ends what a lane that does nothing any more had begun with a chunk. A reserved one belongs to a
   * first chunk that says so, or to nobody. If its word has changed, somebody has freed the block
   * it belonged to, and it may be another's by now.
   */
  public void settle(long chunk, long word) {
    if (OwnerWord.state(word) == OwnerWord.FREEING) {
      finishRelease(chunk, word, 0);
    } else if (OwnerWord.state(word) == OwnerWord.RESERVED) {
      long distance = OwnerWord.aux(word);
      boolean belongs =
          distance > 0
              && distance <= chunk
              && OwnerWord.chunks(tables.owner(chunk - distance)) > distance;
      if (belongs) {
        tables.changeOwner(chunk, word, OwnerWord.body(word, distance));
      } else if (tables.changeOwner(chunk, word, OwnerWord.emptyAgain(word, 0))) {
        hints.set(HintLayout.EMPTY, chunk);
      }
    }
  }

  /**
   * Takes neighboring chunks, in state RESERVED; {@link #join} is the end of it.
   *
   * @param mayGrow whether the heap grows if there are not so many; otherwise only those are taken
   *     that hints lead to
   * @return the first; -1 if there are not so many, and the heap may not or cannot grow
   * @throws OutOfSpaceException if the heap may grow, and the file system has no room for them
   */
  public int take(int lane, long count, boolean mayGrow) {
    begin(lane);
    RowSearch search = new RowSearch(tables, hints, this, lane, count);
    int chunk = search.takeHinted();
    while (chunk < 0 && mayGrow) {
      int frontier = tables.frontier();
      chunk = search.takeAny();
      boolean full = chunk < 0 && search.full() != null; // there is no more room behind the end
      if (full || (chunk < 0 && !growth.grow(frontier, count))) {
        end(lane);
        if (search.full() != null) {
          throw search.full();
        }
        return -1;
      }
      chunk = chunk < 0 ? search.takeHinted() : chunk;
    }
    if (chunk < 0) {
      end(lane);
    }
    return chunk;
  }

  /** Clears a hint that led to nothing, unless it has become right. */
  void forgetHint(int lane, long chunk) {
    setPending(lane, chunk);
    hints.clear(HintLayout.EMPTY, chunk);
    hints.repair(chunk, tables.owner(chunk));
  }

  /** Lets the reserved chunks behind the first belong to it. */
  public void join(int lane, long first, long from, long count) {
    for (long i = from; i < count; i++) {
      long word = tables.owner(first + i);
      if (OwnerWord.isReservedBy(word, lane) && OwnerWord.aux(word) == i) {
        tables.changeOwner(first + i, word, OwnerWord.body(word, i));
      }
    }
    end(lane);
  }

  /** Gives one chunk of the caller back. */
  public void release(int lane, long chunk, long word) {
    setPending(lane, chunk);
    tables.setOwner(chunk, OwnerWord.empty(word, OwnerWord.BACKED));
    hints.set(HintLayout.EMPTY, chunk);
    trim(lane, 1);
  }

  /**
   * Gives chunks back that belong together.
   *
   * @return whether the caller was the one who did it
   */
  public boolean release(int lane, long first, long word, long count) {
    tables.requireWithin(first, count, word);
    begin(lane);
    long freeing = OwnerWord.of(OwnerWord.FREEING, 0, lane, OwnerWord.generation(word), count);
    if (!tables.changeOwner(first, word, freeing)) {
      end(lane);
      return false;
    }
    boolean discarded = count >= DISCARDED_AT_ONCE;
    try {
      if (discarded) {
        heap.discard(geometry.chunkOffset(first), count << SizeClasses.CHUNK_SHIFT);
      }
    } catch (HeapException e) {
      discarded = true; // any part of it may be gone, which is right for empty chunks
    }
    finishRelease(first, freeing, discarded ? 0 : OwnerWord.BACKED);
    end(lane);
    trim(lane, discarded ? 0 : count);
    return true;
  }

  /** Steps 3 and 4. */
  private void finishRelease(long first, long freeing, int flags) {
    long count = Math.min(OwnerWord.aux(freeing), tables.frontier() - first);
    for (long i = 1; i < count; i++) {
      long word = tables.owner(first + i);
      while (isMember(word, i)
          && !tables.changeOwner(first + i, word, OwnerWord.empty(word, flags))) {
        word = tables.owner(first + i);
      }
    }
    hints.setEmpty(first + 1, first + count);
    tables.changeOwner(first, freeing, OwnerWord.empty(freeing, flags));
    hints.set(HintLayout.EMPTY, first);
  }

  /** RESERVED, if whoever took the chunks has died before they were joined. */
  private static boolean isMember(long word, long distance) {
    int state = OwnerWord.state(word);
    return (state == OwnerWord.BODY || state == OwnerWord.RESERVED)
        && OwnerWord.aux(word) == distance;
  }

  /** Makes a block of chunks shorter in place. */
  public boolean shorten(int lane, long first, long word, long count) {
    begin(lane);
    long old = OwnerWord.aux(word);
    long reserved = old;
    while (reserved > count && reserve(lane, first, reserved - 1)) {
      reserved--;
    }
    boolean changed =
        reserved == count
            && tables.changeOwner(first, word, OwnerWord.become(word, OwnerWord.LARGE, count));
    for (long i = reserved; i < old; i++) {
      long tail = tables.owner(first + i);
      if (!OwnerWord.isReservedBy(tail, lane)) {
        continue;
      }
      if (changed) {
        tables.changeOwner(first + i, tail, OwnerWord.empty(tail, OwnerWord.BACKED));
      } else {
        settle(first + i, tail); // somebody is freeing the block, or has done so
      }
    }
    if (changed) {
      hints.setEmpty(first + count, first + old);
    }
    end(lane);
    trim(lane, changed ? old - count : 0);
    return changed;
  }

  private boolean reserve(int lane, long first, long distance) {
    long word = tables.owner(first + distance);
    return OwnerWord.state(word) == OwnerWord.BODY
        && OwnerWord.aux(word) == distance
        && tables.changeOwner(first + distance, word, OwnerWord.reserve(word, lane, distance));
  }

  /**
   * Makes a block of chunks longer in place.
   *
   * @return whether the chunks behind it were empty
   */
  public boolean lengthen(int lane, long first, long word, long count) {
    long old = OwnerWord.aux(word);
    if (first + count > tables.frontier()) {
      return false;
    }
    begin(lane);
    ReservedRow tail = new ReservedRow(tables, hints, lane, first + old);
    boolean changed = false;
    if (tail.reserveAll(count - old, old)) {
      try {
        tail.back();
        changed = tables.changeOwner(first, word, OwnerWord.become(word, OwnerWord.LARGE, count));
        if (!changed) {
          tail.giveUp();
        }
      } catch (OutOfSpaceException e) {
        changed = false; // there may be room for all of it elsewhere
      }
    }
    if (changed) {
      join(lane, first, old, count);
    }
    end(lane);
    return changed;
  }

  /** Gives the memory of empty chunks back; returns bytes. */
  public long trim(int lane) {
    begin(lane);
    long trimmed = trimming.trim(lane, 0);
    end(lane);
    return trimmed;
  }

  /** Notes that chunks were emptied, and trims if that has become much. */
  private void trim(int lane, long emptied) {
    if (trimming.isDue(emptied)) {
      begin(lane);
      try {
        trimming.trim(lane, Trimming.KEPT);
      } catch (HeapException e) {
        return; // nobody has asked for it
      }
      end(lane);
    }
  }

  /** Names the chunk whose hints may be wrong if the lane dies now. */
  public void setPending(int lane, long chunk) {
    heap.putLongRelease(geometry.laneOffset(lane) + LaneLayout.PENDING, chunk + 1);
  }
}
