package dev.rszshm.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.internal.table.SizeClasses;
import dev.rszshm.heap.Heap;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How many full slabs a thread keeps for itself, seen by another attachment. */
class KeptSlabsTest {
  private static final long MIB = 1 << 20;

  /** A block of this length fills a slab of one chunk. */
  private static final long LENGTH = SizeClasses.CHUNK;

  private static final int MANY = 400;
  private static final int FEW = 200;

  private final Heap heap = Heap.builder().span(256 * MIB).createAnonymous();
  private final Allocator allocator = Allocator.on(heap);
  private final Heap otherHeap = Heap.builder().anyAddress().attach(heap.path());
  private final Allocator other = Allocator.on(otherHeap);

  @AfterEach
  void close() {
    assertEquals(List.of(), allocator.check().findings());
    otherHeap.close();
    heap.close();
  }

  private List<Long> allocate(int count) {
    List<Long> blocks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      blocks.add(allocator.allocate(LENGTH));
    }
    return blocks;
  }

  /** Frees blocks in the other attachment; returns how many chunks that empties. */
  private long emptiedByOther(List<Long> blocks) {
    long before = other.statistics().emptyChunks();
    blocks.forEach(other::free);
    return other.statistics().emptyChunks() - before;
  }

  @Test
  void fullSlabsStayTheirOwnersWhileTheyAreFew() {
    assertEquals(0, emptiedByOther(allocate(FEW)));
    assertEquals(0, other.check().blocks());
  }

  @Test
  void ofManyFullSlabsTheOldestAreOthersToEmpty() {
    long emptied = emptiedByOther(allocate(MANY));
    assertTrue(emptied >= MANY - 300 && emptied < MANY, () -> emptied + " chunks");
    assertEquals(0, other.check().blocks());
  }
}
