package dev.rszshm.tests.allocator;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is there before a run begins: blocks that were allocated, and slots. */
final class Prepared {
  private final Map<Long, Long> blocks = new TreeMap<>();
  private final List<Long> order = new ArrayList<>();
  private final List<Long> slots = new ArrayList<>();

  /** Forgets all: it is prepared anew. */
  void clear() {
    blocks.clear();
    order.clear();
    slots.clear();
  }

  long allocate(Allocator allocator, long size) {
    long block = allocator.allocate(size);
    Ledger.tag(allocator.heap(), block, size);
    blocks.put(block, size);
    order.add(block);
    return block;
  }

  void allocate(Allocator allocator, long size, int count) {
    for (int i = 0; i < count; i++) {
      allocate(allocator, size);
    }
  }

  /** Makes slots, in a block of their own. */
  void makeSlots(Allocator allocator, int count) {
    Heap heap = allocator.heap();
    long size = 2 * Actor.SMALL;
    long block = allocate(allocator, size);
    for (int i = 1; i <= count; i++) {
      heap.putLong(block + (long) Long.BYTES * i, 0);
      slots.add(block + (long) Long.BYTES * i);
    }
  }

  /** Blocks and their sizes. */
  Map<Long, Long> blocks() {
    return blocks;
  }

  /** The block that was allocated as the n-th. */
  long block(int n) {
    return order.get(n);
  }

  List<Long> slots() {
    return slots;
  }

  long slot(int n) {
    return slots.get(n);
  }
}
