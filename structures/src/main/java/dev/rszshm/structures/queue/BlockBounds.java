package dev.rszshm.structures.queue;

import dev.rszshm.heap.Heap;

/** Where blocks of a heap can be. */
final class BlockBounds {
  private final Heap heap;
  private final long first;

  BlockBounds(Heap heap) {
    this.heap = heap;
    this.first = heap.dataOffset();
  }

  /** Whether so many bytes can be at an offset, which then are mapped. */
  boolean isWithin(long offset, long length) {
    if (offset < first || (offset & Long.BYTES - 1) != 0 || length < 0) {
      return false;
    }
    return offset <= heap.mappedLength() - length || offset <= heap.catchUp() - length;
  }
}
