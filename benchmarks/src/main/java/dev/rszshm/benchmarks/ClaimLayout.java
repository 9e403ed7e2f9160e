package dev.rszshm.benchmarks;

import dev.rszshm.heap.Heap;

/**
 * Where things lie in the heap of the benchmark {@code claim}: a {@link LapBoard}, the counter on
 * cache lines of its own, and the bytes.
 */
final class ClaimLayout {
  private static final int LINES = 128;
  private static final int CONTROL_LENGTH = 64 << 10;

  final LapBoard board;
  final long counter;

  /** Offset of the byte of index 0. */
  final long first;

  ClaimLayout(Heap heap) {
    long start = heap.dataOffset();
    board = new LapBoard(heap, start);
    counter = start + LapBoard.LENGTH;
    first = start + CONTROL_LENGTH;
    if (counter + LINES > first) {
      throw new AssertionError("the words of the members reach into the bytes");
    }
  }

  /** The bytes of content a heap needs. */
  static long contentLength(long bytes) {
    return CONTROL_LENGTH + bytes;
  }
}
