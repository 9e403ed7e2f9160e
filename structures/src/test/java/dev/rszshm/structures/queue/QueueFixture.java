package dev.rszshm.structures.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.AllocatorStatistics;
import dev.rszshm.heap.Heap;
import java.util.List;

/** A heap with an allocator, in memory, and what must hold of what is in it. */
final class QueueFixture implements AutoCloseable {
  final Heap heap;
  final Allocator allocator;
  private final long before;

  QueueFixture() {
    this(1L << 30);
  }

  QueueFixture(long span) {
    heap = Heap.builder().span(span).length(1 << 20).participants(8).createAnonymous();
    allocator = Allocator.on(heap);
    before = blocks();
  }

  long blocks() {
    AllocatorStatistics statistics = allocator.statistics();
    return statistics.largeBlocks()
        + statistics.classes().stream().mapToLong(AllocatorStatistics.SizeClassUse::used).sum();
  }

  /** The queue is sound, and each block of the allocator is one of it, or its own place. */
  QueueCheck check(QueueCheck check) {
    assertEquals(List.of(), check.findings());
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
