package dev.rszshm.tests.guide;

import dev.rszshm.heap.Heap;

/** A log as it should not be: two processes may take the same index. */
record HastyLog(Heap heap, long offset) {
  void append(long value) {
    long index = heap.getLongAcquire(offset);
    heap.putLongRelease(offset + 8 + 8 * index, value);
    heap.putLongRelease(offset, index + 1);
  }
}
