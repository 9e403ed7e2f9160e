package dev.rszshm.allocator.internal.lane;

import dev.rszshm.allocator.errors.InvalidFreeException;
import dev.rszshm.heap.Heap;

/*
 * The checking mode: a block carries the length that was asked for in its last 8 bytes and guard bytes
 * before them, and is filled when it is freed.
 *
 * Protocol
 * --------
 * free: 1 look at the guard bytes; 2 the length := FREED, by compare-and-set. Failed, or it was FREED:
 *  somebody else frees the block, at this instant or before; 3 fill the rest; 4 free it.
 * So of two who free a block one is told, even at the same instant.
 *
 * If a process dies here
 * ----------------------
 * After 2 the block stays allocated, unless it is freed from a slot: then the recoverer frees it. Nobody
 * else can free it, which is what freeing may cost in any case. If a thread is interrupted by an error in 3,
 * the block has its length back.
 */
public final class Guards {
  /** Bytes that a block needs in addition. */
  public static final int LENGTH = 16;

  private static final byte GUARD = (byte) 0xfb;
  private static final byte FILLING = (byte) 0xfd;

  /** In place of the length; as the filling, so that all of the block is of the same bytes. */
  private static final long FREED = 0xfdfd_fdfd_fdfd_fdfdL;

  private final Heap heap;
  private final BlockFinder blocks;

  public Guards(Heap heap, BlockFinder blocks) {
    this.heap = heap;
    this.blocks = blocks;
  }

  public void place(long block, long size) {
    long end = end(block);
    heap.fill(block + size, end - block - size, GUARD);
    heap.putLongRelease(end, size);
  }

  /** Where the length is. */
  private long end(long block) {
    return block + blocks.usableSize(block) - Long.BYTES;
  }

  /** The length that was asked for. */
  public long size(long block) {
    return requireSize(block, end(block));
  }

  private long requireSize(long block, long end) {
    long size = heap.getLongAcquire(end);
    if (size == FREED) {
      throw freedTwice(block);
    }
    if (size < 0 || size > end - block) {
      throw overrun(block, end, size);
    }
    return size;
  }

  /**
   * Looks at a block, takes it for being freed, and fills it, but for the first word, which has a
   * use of its own.
   *
   * @throws InvalidFreeException if somebody has written beyond its end, or frees it too
   */
  public void free(long block) {
    long end = end(block);
    long size = requireSize(block, end);
    for (long at = block + size; at < end; at++) {
      if (heap.getByte(at) != GUARD) {
        throw overrun(block, at, size);
      }
    }
    if (!heap.compareAndSetLong(end, size, FREED)) {
      throw freedTwice(block);
    }
    boolean filled = false;
    try {
      heap.fill(block + Long.BYTES, end - block - Long.BYTES, FILLING);
      filled = true;
    } finally {
      if (!filled && heap.isOpen()) {
        heap.compareAndSetLong(end, FREED, size);
      }
    }
  }

  private static InvalidFreeException freedTwice(long block) {
    return new InvalidFreeException(
        "the block at "
            + block
            + " was freed before, or another thread is freeing it at the same time: only one of"
            + " them may");
  }

  private static InvalidFreeException overrun(long block, long at, long size) {
    return new InvalidFreeException(
        "the block at "
            + block
            + " was written beyond its end: at offset "
            + at
            + " the guard bytes are gone (its length is "
            + size
            + "). It stays allocated");
  }
}
