package dev.rszshm.structures;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.AllocatorStatistics;
import dev.rszshm.allocator.errors.OutOfHeapMemoryException;
import dev.rszshm.heap.Heap;
import java.util.ArrayList;
import java.util.List;

/** A heap with an allocator, in memory, which knows how many blocks it had at first. */
public final class StructureFixture implements AutoCloseable {
  public final Heap heap;
  public final Allocator allocator;
  private final long before;

  public StructureFixture() {
    this(4L << 30);
  }

  public StructureFixture(long span) {
    heap = Heap.builder().span(span).length(1 << 20).participants(8).createAnonymous();
    allocator = Allocator.on(heap);
    before = blocks();
  }

  /** Returns the number of blocks that are in use. */
  public long blocks() {
    AllocatorStatistics statistics = allocator.statistics();
    return statistics.largeBlocks()
        + statistics.classes().stream().mapToLong(AllocatorStatistics.SizeClassUse::used).sum();
  }

  /** Asserts that so many blocks are in use besides those that there were at first. */
  public void assertBlocks(long expected) {
    assertEquals(before + expected, blocks());
  }

  /** Takes blocks of a size until there is no room. */
  public List<Long> fill(long size) {
    List<Long> blocks = new ArrayList<>();
    try {
      while (true) {
        blocks.add(allocator.allocate(size));
      }
    } catch (OutOfHeapMemoryException full) {
      return blocks;
    }
  }

  @Override
  public void close() {
    allocator.close();
    heap.close();
  }
}
