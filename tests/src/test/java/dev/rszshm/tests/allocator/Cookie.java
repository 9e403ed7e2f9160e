package dev.rszshm.tests.allocator;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;

/**
 * What is in a block, so that anybody can tell whether it is whole and belongs there: first a key
 * (size, writer and sequence), then a checksum of key and offset, then a byte that follows from
 * both, up to the end.
 */
final class Cookie {
  /** No block is shorter. */
  static final int SHORTEST = 16;

  private static final int SIZE_SHIFT = 40;
  private static final int WRITER_SHIFT = 32;
  private static final int SAMPLES = 64;

  private Cookie() {}

  /** Fills a block of a size; the few stores of it are few places to die at. */
  static void write(Heap heap, long block, long size, int writer, int sequence) {
    long key = size << SIZE_SHIFT | (long) writer << WRITER_SHIFT | (sequence & 0xffff_ffffL);
    long sum = mix(key, block);
    if (size > SHORTEST) {
      heap.fill(block + SHORTEST, size - SHORTEST, (byte) sum);
    }
    heap.putLong(block + 8, sum);
    heap.putLongRelease(block, key);
  }

  /** Requires that a block is in use and has what was written to it. */
  static void verify(Allocator allocator, long block) {
    Heap heap = allocator.heap();
    long usable = allocator.usableSize(block);
    long key = heap.getLong(block);
    long size = key >>> SIZE_SHIFT;
    long sum = mix(key, block);
    if (size < SHORTEST || size > usable || heap.getLong(block + 8) != sum) {
      throw fault(block, key, "is not what a worker wrote; it has " + usable + " bytes");
    }
    long step = Math.max(1, (size - SHORTEST) / SAMPLES);
    for (long at = size - 1; at >= SHORTEST; at -= step) {
      if (heap.getByte(block + at) != (byte) sum) {
        throw fault(block, key, "was written over at " + at);
      }
    }
  }

  /** The key, which a copy of the block has as well. */
  static long key(Heap heap, long block) {
    return heap.getLong(block);
  }

  private static AssertionError fault(long block, long key, String what) {
    return new AssertionError(
        String.format(
            "block %d (size %d, writer %d, sequence %d) %s",
            block, key >>> SIZE_SHIFT, key >>> WRITER_SHIFT & 0xff, (int) key, what));
  }

  private static long mix(long key, long block) {
    long z = (key ^ block * 0x9E37_79B9_7F4A_7C15L) * 0xBF58_476D_1CE4_E5B9L;
    return z ^ z >>> 31;
  }
}
