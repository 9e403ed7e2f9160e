package dev.rszshm.allocator.internal.lane;

import dev.rszshm.allocator.internal.table.ChunkLayout;
import dev.rszshm.allocator.internal.table.Hints;
import dev.rszshm.allocator.internal.table.LaneLayout;
import dev.rszshm.allocator.internal.table.OwnerWord;
import dev.rszshm.allocator.internal.table.SizeClasses;
import dev.rszshm.allocator.internal.table.Tables;
import dev.rszshm.heap.spi.Memory;
import java.util.Arrays;

/**
 * Frees blocks of slabs that other lanes own: those in which this lane has freed before, of which
 * it keeps where they are and how their blocks are counted. Private to the lane, and only to be
 * used within an operation.
 *
 * <p>The protocol is that of {@link RemoteFree}. What is kept follows from the first chunk and the
 * size class, so it holds for every slab of that class at that place; which one it is, and whose,
 * is read each time.
 */
final class FarSlabs {
  private static final int COUNT = 256;
  private static final Slab[] NO_SLABS = new Slab[COUNT];

  static {
    Arrays.fill(NO_SLABS, Slab.NONE);
  }

  private final Tables tables;
  private final Hints hints;
  private final long base;

  /** Address of the owner word of the first chunk. */
  private final long owners;

  /** Address of the lane's pending word. */
  private final long pending;

  /** By the lower bits of the number of a chunk; of two that share an entry, the last. */
  private Slab[] slabs = NO_SLABS;

  FarSlabs(Tables tables, Hints hints, int lane) {
    this.tables = tables;
    this.hints = hints;
    this.base = tables.heap.base();
    this.owners = base + tables.geometry.owners();
    this.pending = base + tables.geometry.laneOffset(lane) + LaneLayout.PENDING;
  }

  private static int place(long offset) {
    return (int) (offset >>> SizeClasses.CHUNK_SHIFT) & COUNT - 1;
  }

  /**
   * Keeps where the blocks of a slab are.
   *
   * @param offset of one of them
   * @param chunk the first of the slab
   * @param owner its owner word
   */
  void keep(long offset, int chunk, long owner) {
    int place = place(offset);
    Slab known = slabs[place];
    if (OwnerWord.state(owner) != OwnerWord.ACTIVE
        || (known.chunk == chunk && OwnerWord.sizeClass(owner) == known.sizeClass)) {
      return;
    }
    if (slabs == NO_SLABS) {
      slabs = NO_SLABS.clone();
    }
    slabs[place] = new Slab(tables.geometry, base, chunk, owner, 0);
  }

  /**
   * Frees a block, if its slab is known and another lane's. The heap must be open.
   *
   * @param memory of the heap
   * @param lane whose slabs these are
   * @return whether it was freed; if not, {@link Blocks#free} says more
   */
  boolean free(Memory memory, Lane lane, long offset) {
    Slab slab = slabs[place(offset)];
    long index = slab.find(offset);
    if (!slab.has(index)) {
      return false;
    }
    long ownerWord = owners + (long) ChunkLayout.OWNER_LENGTH * slab.chunk;
    long owner = memory.getLongAcquire(ownerWord);
    long word = slab.local + (index >>> 3 & -8L);
    long local = memory.getLongAcquire(word);
    long bit = 1L << index;
    if (!OwnerWord.isOfClass(owner, slab.owner) || lane.owns(owner) || (local & bit) == 0) {
      return false;
    }
    memory.putLongRelease(pending, slab.chunk + 1L);
    long freed = memory.getAndBitwiseOrLong(word + ChunkLayout.REMOTE, bit);
    if ((freed & bit) != 0) {
      return false;
    }
    if (memory.getLongVolatile(ownerWord) != owner) {
      RemoteFree.offerIfFreed(tables, hints, slab.chunk);
    }
    if ((local & ~(freed | bit)) == 0) {
      lane.giveBackIfEmpty(slab.chunk);
    }
    return true;
  }
}
