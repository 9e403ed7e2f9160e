package dev.rszshm.benchmarks;

import dev.rszshm.heap.Heap;

/**
 * The loop that is measured: claim, check that the bytes are zero, store a letter, until the total
 * is reached. Written as a user of the heap writes it. Claims of one byte have a loop of their own
 * without one inside, as the compiler makes it of claim.c.
 */
enum ClaimLoop {
  /** With a counter of 32 bits, as in a plain file. */
  NARROW {
    @Override
    long fillSingly(Heap heap, ClaimLayout layout, long total, byte letter) {
      long counter = layout.counter;
      long first = layout.first;
      long stored = 0;
      long index;
      while ((index = Integer.toUnsignedLong(heap.getAndAddInt(counter, 1))) < total) {
        store(heap, first + index, letter);
        stored++;
      }
      return stored;
    }

    @Override
    long fillInBatches(Heap heap, ClaimLayout layout, long total, int claim, byte letter) {
      long stored = 0;
      long index;
      while ((index = Integer.toUnsignedLong(heap.getAndAddInt(layout.counter, claim))) < total) {
        stored += store(heap, layout.first + index, Math.min(claim, total - index), letter);
      }
      return stored;
    }
  },

  /** With a counter of 64 bits. */
  WIDE {
    @Override
    long fillSingly(Heap heap, ClaimLayout layout, long total, byte letter) {
      long counter = layout.counter;
      long first = layout.first;
      long stored = 0;
      long index;
      while ((index = heap.getAndAddLong(counter, 1)) < total) {
        store(heap, first + index, letter);
        stored++;
      }
      return stored;
    }

    @Override
    long fillInBatches(Heap heap, ClaimLayout layout, long total, int claim, byte letter) {
      long stored = 0;
      long index;
      while ((index = heap.getAndAddLong(layout.counter, claim)) < total) {
        stored += store(heap, layout.first + index, Math.min(claim, total - index), letter);
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
  final long fill(Heap heap, ClaimLayout layout, long total, int claim, byte letter) {
    return claim == 1
        ? fillSingly(heap, layout, total, letter)
        : fillInBatches(heap, layout, total, claim, letter);
  }

  abstract long fillSingly(Heap heap, ClaimLayout layout, long total, byte letter);

  abstract long fillInBatches(Heap heap, ClaimLayout layout, long total, int claim, byte letter);

  private static long store(Heap heap, long offset, long length, byte letter) {
    long end = offset + length;
    for (long o = offset; o < end; o++) {
      store(heap, o, letter);
    }
    return length;
  }

  private static void store(Heap heap, long offset, byte letter) {
    if (heap.getByte(offset) != 0) {
      throw new IllegalStateException(
          "offset " + offset + " holds another byte than 0: it was claimed twice");
    }
    heap.putByte(offset, letter);
  }
}
