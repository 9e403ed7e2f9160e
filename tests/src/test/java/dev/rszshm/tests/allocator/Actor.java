package dev.rszshm.tests.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.errors.OutOfHeapMemoryException;
import dev.rszshm.heap.Heap;
import dev.rszshm.testkit.simulation.SimulatedProcess;

/** A process that uses the allocator of the run's heap, and keeps the ledger. */
final class Actor {
  /**
   * Blocks in slots are so long: 51 share a chunk and one bitmap word, are filled at once, and
   * count as small, so that they are allocated from those that are ready.
   */
  static final long SMALL = 1280;

  private final SimulatedProcess process;
  private final Heap heap;
  private final Allocator allocator;
  private final Ledger ledger;

  Actor(SimulatedProcess process, Ledger ledger) {
    this.process = process;
    this.heap = process.heap();
    this.ledger = ledger;
    this.allocator = Allocator.on(heap);
  }

  Allocator allocator() {
    return allocator;
  }

  long allocate(long size) {
    ledger.begin(process);
    return own(allocator.allocate(size), size);
  }

  /** As {@link #allocate}; 0 if the heap is full. */
  long allocateIfThereIsRoom(long size) {
    try {
      return allocate(size);
    } catch (OutOfHeapMemoryException full) {
      ledger.end(process);
      return 0;
    }
  }

  private long own(long block, long size) {
    Ledger.tag(heap, block, size);
    process.memory().fullFence();
    ledger.own(block, size);
    ledger.end(process);
    return block;
  }

  void free(long block) {
    ledger.begin(process);
    ledger.disown(block);
    allocator.free(block);
    ledger.end(process);
  }

  long allocateInto(long slot) {
    return allocateInto(slot, SMALL);
  }

  long allocateInto(long slot, long size) {
    return allocator.allocateInto(
        slot,
        size,
        block -> {
          assertEquals(0, heap.getLong(block), "a new block of a slot has zeros");
          Ledger.tag(heap, block, allocator.usableSize(block));
        });
  }

  long allocateIntoIfThereIsRoom(long slot) {
    try {
      return allocateInto(slot);
    } catch (OutOfHeapMemoryException full) {
      return 0;
    }
  }

  boolean freeFrom(long slot) {
    return allocator.freeFrom(slot);
  }

  boolean move(long from, long to) {
    return allocator.move(from, to);
  }

  /** Makes a large block longer or shorter; it must stay where it is. */
  void resize(long block, long size) {
    ledger.begin(process);
    ledger.disown(block);
    long now = allocator.reallocate(block, size);
    assertEquals(block, now, "it stays where it is");
    assertTrue(allocator.usableSize(block) >= size);
    own(block, size);
  }

  void close() {
    allocator.close();
  }
}
