package dev.rszshm.tests.guide;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;

/** A stack of blocks, each with the offset of the next and a value; pushed in a hurry. */
record HastyStack(Heap heap, Allocator allocator, long top) {
  void push(long value) {
    long block = allocator.allocate(16);
    heap.putLong(block + 8, value);
    heap.putLong(block, heap.getLongAcquire(top));
    heap.putLongRelease(top, block);
  }

  int size() {
    int size = 0;
    for (long block = heap.getLongAcquire(top); block != 0; block = heap.getLongAcquire(block)) {
      size++;
    }
    return size;
  }
}
