package dev.rszshm.allocator;

import dev.rszshm.allocator.errors.InvalidFreeException;
import dev.rszshm.heap.Heap;

/**
 * The checking mode: a block carries the length that was asked for in its last 8 bytes and guard
 * bytes before them, and is filled when it is freed.
 */
final class Guards {
  /** Bytes that a block needs in addition. */
  static final int LENGTH = 16;

  private static final byte GUARD = (byte) 0xfb;
  private static final byte FREED = (byte) 0xfd;

  private final Heap heap;
  private final Blocks blocks;

  Guards(Heap heap, Blocks blocks) {
    this.heap = heap;
    this.blocks = blocks;
  }

  void place(long block, long size) {
    long end = block + blocks.usableSize(block) - Long.BYTES;
    heap.fill(block + size, end - block - size, GUARD);
    heap.putLong(end, size);
  }

  /** The length that was asked for. */
  long size(long block) {
    return heap.getLong(block + blocks.usableSize(block) - Long.BYTES);
  }

  /**
   * Checks a block that is to be freed.
   *
   * @throws InvalidFreeException if somebody has written beyond its end
   */
  void check(long block) {
    long end = block + blocks.usableSize(block) - Long.BYTES;
    long size = heap.getLong(end);
    if (size < 0 || size > end - block) {
      throw overrun(block, end, size);
    }
    for (long at = block + size; at < end; at++) {
      if (heap.getByte(at) != GUARD) {
        throw overrun(block, at, size);
      }
    }
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

  /** Fills a block that is about to be freed; its first word has a use of its own. */
  void fillFreed(long block) {
    long usable = blocks.usableSize(block);
    heap.fill(block + Long.BYTES, usable - Long.BYTES, FREED);
  }
}
