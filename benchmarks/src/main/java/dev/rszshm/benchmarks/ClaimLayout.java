package dev.rszshm.benchmarks;

import dev.rszshm.heap.Heap;

/**
 * Where things lie in the heap of the benchmark {@code claim}, each word that somebody writes on
 * cache lines of its own, as in claim.c.
 */
final class ClaimLayout {
  private static final int LINES = 128;
  private static final int WORKERS = 128;
  private static final int CONTROL_LENGTH = 64 << 10;

  final long counter;
  final long gate;
  final long ready;
  final long done;

  /** Offset of the byte of index 0. */
  final long first;

  private final long workers;

  ClaimLayout(Heap heap) {
    counter = heap.dataOffset();
    gate = counter + LINES;
    ready = gate + LINES;
    done = ready + LINES;
    workers = done + LINES;
    first = counter + CONTROL_LENGTH;
    if (workers + WORKERS * LINES > first) {
      throw new AssertionError("the words of " + WORKERS + " workers reach into the bytes");
    }
  }

  /** The bytes of content a heap needs. */
  static long contentLength(long bytes) {
    return CONTROL_LENGTH + bytes;
  }

  /** 64 bits: how many bytes a worker has stored. */
  long count(int worker) {
    return workers + (long) worker * LINES;
  }

  /** 64 bits: when it had nothing left to claim, on the monotonic clock. */
  long end(int worker) {
    return count(worker) + Long.BYTES;
  }
}
