package dev.rszshm.benchmarks;

import dev.rszshm.heap.Heap;

/**
 * The loop that is measured: claim, check that the bytes are zero, store a letter, until the total
 * is reached. Written as a user of the heap writes it; claim.c has the same in C.
 */
enum ClaimLoop {
  /** With a counter of 32 bits, as in a plain file. */
  NARROW {
    @Override
    long fill(Heap heap, ClaimLayout layout, long total, int claim, byte letter) {
      long stored = 0;
      long index;
      while ((index = Integer.toUnsignedLong(heap.getAndAddInt(layout.counter, claim))) < total) {
        long length = Math.min(claim, total - index);
        store(heap, layout.first + index, length, letter);
        stored += length;
      }
      return stored;
    }
  },

  /** With a counter of 64 bits. */
  WIDE {
    @Override
    long fill(Heap heap, ClaimLayout layout, long total, int claim, byte letter) {
      long stored = 0;
      long index;
      while ((index = heap.getAndAddLong(layout.counter, claim)) < total) {
        long length = Math.min(claim, total - index);
        store(heap, layout.first + index, length, letter);
        stored += length;
      }
      return stored;
    }
  };

  static ClaimLoop ofWidth(int bits) {
    return switch (bits) {
      case 32 -> NARROW;
      case 64 -> WIDE;
      default ->
          throw new IllegalArgumentException(
              "a counter of " + bits + " bits was asked for, expected 32 or 64");
    };
  }

  /** Fills what others do not; returns the bytes stored. */
  abstract long fill(Heap heap, ClaimLayout layout, long total, int claim, byte letter);

  private static void store(Heap heap, long offset, long length, byte letter) {
    long end = offset + length;
    for (long o = offset; o < end; o++) {
      if (heap.getByte(o) != 0) {
        throw new IllegalStateException(
            "offset " + o + " holds " + heap.getByte(o) + ", expected 0: it was claimed twice");
      }
      heap.putByte(o, letter);
    }
  }
}
