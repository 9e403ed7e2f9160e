package dev.rszshm.structures.map;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.AllocatorStatistics;
import dev.rszshm.heap.Heap;

/** A heap with an allocator, in memory, and what must hold of the maps in it. */
final class MapFixture implements AutoCloseable {
  final Heap heap;
  final Allocator allocator;
  private final long before;

  MapFixture() {
    this(4L << 30);
  }

  MapFixture(long span) {
    heap = Heap.builder().span(span).length(1 << 20).participants(8).createAnonymous();
    allocator = Allocator.on(heap);
    before = blocks();
  }

  private long blocks() {
    AllocatorStatistics statistics = allocator.statistics();
    return statistics.largeBlocks()
        + statistics.classes().stream().mapToLong(AllocatorStatistics.SizeClassUse::used).sum();
  }

  /** The map is sound, and each block of the allocator is one of it, or its own place. */
  MapCheck check(MapCheck check) {
    assertEquals(java.util.List.of(), check.findings());
    assertEquals(before + 1 + check.blocks(), blocks(), () -> "blocks with " + check);
    return check;
  }

  void checkEmpty() {
    assertEquals(before, blocks());
  }

  @Override
  public void close() {
    allocator.close();
    heap.close();
  }
}
