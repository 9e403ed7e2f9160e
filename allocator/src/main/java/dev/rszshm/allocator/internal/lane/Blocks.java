package dev.rszshm.allocator.internal.lane;

import dev.rszshm.allocator.errors.InvalidFreeException;
import dev.rszshm.allocator.errors.OutOfHeapMemoryException;
import dev.rszshm.allocator.internal.chunk.ChunkPool;
import dev.rszshm.allocator.internal.chunk.FreeChunks;
import dev.rszshm.allocator.internal.table.AllocatorGeometry;
import dev.rszshm.allocator.internal.table.Hints;
import dev.rszshm.allocator.internal.table.LaneLayout;
import dev.rszshm.allocator.internal.table.OwnerWord;
import dev.rszshm.allocator.internal.table.SizeClasses;
import dev.rszshm.allocator.internal.table.Tables;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.OutOfSpaceException;
import dev.rszshm.heap.internal.raw.RawAccess;
import dev.rszshm.heap.spi.Memory;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Blocks of any length: those of slabs, and those that are runs of chunks. */
public final class Blocks {
  /**
   * A run of chunks that is about to be allocated.
   *
   * @param chunks how many
   */
  public record Run(long block, long chunk, long chunks) {}

  private static final int FEW_ZEROS = 1024;

  private final Tables tables;
  private final Heap heap;
  private final Memory memory;
  private final long base;
  private final long owners;
  private final AllocatorGeometry geometry;
  private final Hints hints;
  private final ChunkPool pool;
  private final BlockFinder finder;

  public Blocks(Tables tables, Hints hints, ChunkPool pool, BlockFinder finder) {
    this.finder = finder;
    this.tables = tables;
    this.heap = tables.heap;
    this.memory = RawAccess.of(heap, Blocks.class);
    this.base = heap.base();
    this.owners = tables.geometry.owners();
    this.geometry = tables.geometry;
    this.hints = hints;
    this.pool = pool;
  }

  public ChunkPool pool() {
    return pool;
  }

  /**
   * Allocates a block of a slab, or a run of chunks.
   *
   * @param sizeClass {@link SizeClasses#NONE}: a run of chunks
   * @param size bytes; counts for a run only
   * @param mayGrow whether the heap grows if there is no room
   * @return its offset; 0 if there is no room, and the heap may not grow
   * @throws OutOfHeapMemoryException if there is no room, and the heap may grow and cannot
   */
  public long allocate(Lane lane, int sizeClass, long size, boolean mayGrow) {
    if (sizeClass == SizeClasses.NONE) {
      return allocateRun(lane, size, mayGrow);
    }
    long block;
    try {
      block = lane.allocate(sizeClass, mayGrow);
    } catch (OutOfSpaceException e) {
      throw outOfMemory(SizeClasses.size(sizeClass), e);
    }
    if (block == 0 && mayGrow) {
      throw outOfMemory(SizeClasses.size(sizeClass), null);
    }
    return block;
  }

  private long allocateRun(Lane lane, long size, boolean mayGrow) {
    Run run = chooseRun(lane, size, mayGrow);
    if (run == null) {
      return 0;
    }
    allocate(lane, run);
    return run.block;
  }

  /**
   * Makes blocks of a lane ready, when none is.
   *
   * @param size bytes, for the message
   * @param mayGrow whether the heap grows if there is no room
   * @return whether there are any; if not, there is no room, and the heap may not grow
   * @throws OutOfHeapMemoryException if there is no room, and the heap may grow and cannot
   */
  public boolean makeReady(Lane lane, int sizeClass, long size, boolean mayGrow) {
    boolean made;
    try {
      made = lane.makeReady(sizeClass, mayGrow);
    } catch (OutOfSpaceException e) {
      throw outOfMemory(size, e);
    }
    if (!made && mayGrow) {
      throw outOfMemory(size, null);
    }
    return made;
  }

  /**
   * Chooses the chunks that {@link #allocate(Lane, Run)} will allocate.
   *
   * @param mayGrow whether the heap grows if there is no room
   * @return null if there is no room, and the heap may not grow
   * @throws OutOfHeapMemoryException if there is no room, and the heap may grow and cannot
   */
  public @Nullable Run chooseRun(Lane lane, long size, boolean mayGrow) {
    long chunks = SizeClasses.chunksFor(size);
    int first;
    try {
      first = chunks > geometry.chunkCount() ? -1 : pool.take(lane.number, chunks, mayGrow);
    } catch (OutOfSpaceException e) {
      throw outOfMemory(size, e);
    }
    if (first < 0 && mayGrow) {
      throw outOfMemory(size, null);
    }
    return first < 0 ? null : new Run(geometry.chunkOffset(first), first, chunks);
  }

  /** Allocates what was chosen by this lane just before. */
  public void allocate(Lane lane, Run run) {
    heap.putLong(run.block, 0); // no stamp of who freed what was here is taken for this block's
    int generation = OwnerWord.generation(tables.owner(run.chunk));
    heap.putLong(run.block, 0); // where a stamp may be: see ManagedReferences
    tables.setOwner(run.chunk, OwnerWord.of(OwnerWord.LARGE, 0, 0, generation, run.chunks));
    pool.join(lane.number, run.chunk, 1, run.chunks);
  }

  /**
   * Sets the first bytes of a block to zero; for short ones it looks once whether it may. Whoever
   * still reads what was there before, and sees a zero, sees all that came before, such as a stamp
   * that says that it is gone.
   */
  public void zero(long block, long size) {
    heap.requireWritable();
    zeroAfterLook(block, size);
  }

  /** As {@link #zero}, of who has just looked whether the heap is open. */
  public void zeroAfterLook(long block, long size) {
    memory.releaseFence();
    if (size > FEW_ZEROS) {
      heap.fill(block, size, (byte) 0);
      return;
    }
    long address = RawAccess.ofWord(base + block);
    int done = 0;
    for (; done + 4 * Long.BYTES <= (int) size; done += 4 * Long.BYTES) {
      memory.putLong(address + done, 0);
      memory.putLong(address + done + Long.BYTES, 0);
      memory.putLong(address + done + 2 * Long.BYTES, 0);
      memory.putLong(address + done + 3 * Long.BYTES, 0);
    }
    for (; done + Long.BYTES <= (int) size; done += Long.BYTES) {
      memory.putLong(address + done, 0);
    }
    for (; done < (int) size; done++) {
      memory.putByte(address + done, (byte) 0);
    }
  }

  /**
   * Frees a block.
   *
   * @throws InvalidFreeException if there is none
   */
  public void free(Lane lane, long offset) {
    if (RawAccess.isOpen(heap) && lane.far.free(memory, lane, offset)) {
      return;
    }
    int chunk = finder.chunkOf(offset);
    long word = memory.getLongAcquire(base + owners + 8L * chunk);
    if (lane.owns(word)) {
      freeLocally(lane, ownSlab(lane, chunk, word), offset);
      return;
    }
    freeElsewhere(lane, offset, chunk, word);
  }

  /** The slab of this lane that begins at a chunk. */
  private Slab ownSlab(Lane lane, int chunk, long word) {
    Slab slab = lane.slab(word);
    if (slab == null || slab.chunk != chunk) {
      throw tables.damaged(chunk, word);
    }
    return slab;
  }

  private void freeLocally(Lane lane, Slab slab, long offset) {
    int index = slab.indexOf(offset);
    if (index < 0) {
      throw finder.interior(offset);
    }
    if (!lane.free(slab, index)) {
      throw finder.notInUse(offset);
    }
  }

  private void freeElsewhere(Lane lane, long offset, int chunk, long word) {
    switch (OwnerWord.state(word)) {
      case OwnerWord.ACTIVE, OwnerWord.FULL, OwnerWord.PARTIAL -> {
        int index = finder.indexOf(offset, chunk, word);
        if (index < 0) {
          throw finder.interior(offset);
        }
        RemoteFree.Outcome outcome = freeRemotely(lane.number, chunk, index);
        lane.far.keep(offset, chunk, word);
        if (outcome == RemoteFree.Outcome.NOT_IN_USE) {
          throw finder.notInUse(offset);
        }
        if (outcome == RemoteFree.Outcome.FREED_LAST) {
          lane.giveBackIfEmpty(chunk);
        }
      }
      case OwnerWord.BODY -> {
        int first = finder.firstOf(chunk, word);
        if (first < 0) {
          throw finder.notInUse(offset);
        }
        long head = tables.owner(first);
        if (lane.owns(head)) {
          freeLocally(lane, ownSlab(lane, first, head), offset);
        } else if (OwnerWord.isSlab(head)) {
          freeElsewhere(lane, offset, first, head);
        } else {
          throw finder.interior(offset);
        }
      }
      case OwnerWord.LARGE -> {
        if (offset != geometry.chunkOffset(chunk)) {
          throw finder.interior(offset);
        }
        pool.setPending(lane.number, chunk);
        if (!pool.release(lane.number, chunk, word, OwnerWord.aux(word))) {
          throw finder.notInUse(offset);
        }
      }
      default -> throw finder.notInUse(offset);
    }
  }

  public RemoteFree.Outcome freeRemotely(int lane, long chunk, int index) {
    long pending = geometry.laneOffset(lane) + LaneLayout.PENDING;
    return RemoteFree.free(tables, hints, pending, chunk, index);
  }

  /** Makes a run of chunks shorter or longer where it is; returns whether it could be done. */
  public boolean resizeRun(Lane lane, long offset, long size) {
    int chunk = finder.firstChunkOf(offset);
    long word = tables.owner(chunk);
    if (OwnerWord.state(word) != OwnerWord.LARGE || offset != geometry.chunkOffset(chunk)) {
      return false;
    }
    long chunks = SizeClasses.chunksFor(size);
    long old = OwnerWord.aux(word);
    tables.requireWithin(chunk, old, word);
    pool.setPending(lane.number, chunk);
    return chunks == old
        || (chunks < old
            ? pool.shorten(lane.number, chunk, word, chunks)
            : pool.lengthen(lane.number, chunk, word, chunks));
  }

  OutOfHeapMemoryException outOfMemory(long asked, @Nullable OutOfSpaceException cause) {
    FreeChunks free = FreeChunks.count(tables, cause != null);
    String room =
        asked > heap.span()
            ? "the span has " + heap.span() + ". Make the heap with a larger span"
            : cause == null
                ? String.format(
                    Locale.ROOT,
                    "of the span of %d bytes, %d are free in empty chunks, the longest"
                        + " run of them has %d. Free something, or make the heap with a larger span",
                    heap.span(),
                    free.bytes(),
                    free.longest())
                : String.format(
                    Locale.ROOT,
                    "its file system is full: %d bytes are free in empty chunks that have memory, the"
                        + " longest run of them has %d. Free blocks, or make room on the file system, or"
                        + " make that larger (%s)",
                    free.bytes(),
                    free.longest(),
                    cause.getMessage());
    return new OutOfHeapMemoryException(
        heap.path() + " has no room for a block of " + asked + " bytes: " + room,
        asked,
        free.bytes(),
        free.longest(),
        cause);
  }
}
