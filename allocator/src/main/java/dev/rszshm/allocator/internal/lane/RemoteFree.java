package dev.rszshm.allocator.internal.lane;

import dev.rszshm.allocator.internal.table.HintLayout;
import dev.rszshm.allocator.internal.table.Hints;
import dev.rszshm.allocator.internal.table.OwnerWord;
import dev.rszshm.allocator.internal.table.Tables;
import dev.rszshm.heap.Heap;

/*
 * Freeing a block of a slab of another lane, or of nobody's. FarSlabs does the same in less time where it knows the
 * slab and the slab is another lane's.
 *
 * Protocol
 * --------
 *  1 the lane's pending word := the chunk;
 *  2 set the block's bit in the remote bitmap, by an atomic change. It was set: freed twice;
 *  3 read the owner word. If it is FULL, nobody would notice: FULL to PARTIAL by compare-and-set;
 *  4 set the hint.
 * Whoever gives up a full slab stores FULL first and reads the remote bitmap after that; here it is the
 * other way round. So one of the two sees the other: all four accesses are volatile, or atomic changes.
 *
 * If a process dies here
 * ----------------------
 * Before 2 nothing has happened. After 2 and 3 the recoverer finds the chunk in the pending word, and does
 * 3 and 4.
 */
public final class RemoteFree {
  private RemoteFree() {}

  /** What became of a block. */
  enum Outcome {
    /** It was freed before. */
    NOT_IN_USE,
    FREED,
    /** It was freed, and with it all others that share its bitmap word. */
    FREED_LAST
  }

  /**
   * Frees a block.
   *
   * @param pending offset of the lane's pending word
   * @param index of the block
   */
  public static Outcome free(Tables tables, Hints hints, long pending, long chunk, int index) {
    Heap heap = tables.heap;
    long bit = 1L << index;
    long local = heap.getLongAcquire(tables.local(chunk, index >>> 6));
    if ((local & bit) == 0) {
      return Outcome.NOT_IN_USE;
    }
    heap.putLongRelease(pending, chunk + 1);
    long freed = heap.getAndBitwiseOrLong(tables.remote(chunk, index >>> 6), bit);
    if ((freed & bit) != 0) {
      return Outcome.NOT_IN_USE;
    }
    long word = tables.ownerVolatile(chunk);
    if (OwnerWord.state(word) == OwnerWord.FULL) {
      offer(tables, hints, chunk, word);
    }
    return (local & ~(freed | bit)) == 0 ? Outcome.FREED_LAST : Outcome.FREED;
  }

  /** Looks at a slab that may have become full: blocks that were freed before told nobody. */
  public static void offerIfFreed(Tables tables, Hints hints, long chunk) {
    long word = tables.ownerVolatile(chunk);
    if (OwnerWord.state(word) == OwnerWord.FULL
        && OwnerWord.chunks(word) > 0
        && tables.hasRemote(chunk, OwnerWord.sizeClass(word))) {
      offer(tables, hints, chunk, word);
    }
  }

  /** Lets others know that a slab that is nobody's has room. */
  private static void offer(Tables tables, Hints hints, long chunk, long word) {
    if (OwnerWord.chunks(word) > 0
        && tables.changeOwner(chunk, word, OwnerWord.abandon(word, OwnerWord.PARTIAL))) {
      hints.set(HintLayout.partial(OwnerWord.sizeClass(word)), chunk);
    }
  }
}
