package dev.rszshm.tests.guide;

import dev.rszshm.heap.Heap;
import java.util.ArrayList;
import java.util.List;

/**
 * A log that any process appends to: a count of entries, then one word for each, 0 if not there.
 */
record SharedLog(Heap heap, long offset) {
  void append(long value) {
    long index = heap.getAndAddLong(offset, 1);
    long entry = offset + 8 + 8 * index;
    heap.ensure(entry + 8);
    heap.putLongRelease(entry, value);
  }

  /** The last may lie beyond the end of the heap: who counted them has not made room yet. */
  List<Long> entries() {
    List<Long> entries = new ArrayList<>();
    long size = heap.getLongAcquire(offset);
    for (long index = 0; index < size; index++) {
      long entry = offset + 8 + 8 * index;
      entries.add(entry + 8 <= heap.length() ? heap.getLongAcquire(entry) : 0);
    }
    return entries;
  }
}
