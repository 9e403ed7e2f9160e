package dev.rszshm.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.errors.OutOfHeapMemoryException;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Layouts;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeparateBlocksTest {
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noTwoSeparateBlocksShareACacheLine(boolean checking) {
    try (Heap heap = Heap.builder().span(64 << 20).createAnonymous();
        Allocator allocator = checking ? Allocator.checking(heap) : Allocator.on(heap)) {
      TreeMap<Long, Long> ends = new TreeMap<>();
      for (long size : new long[] {0, 1, 8, 64, 127, 128, 129, 300, 1000, 5000, 70_000, 300_000}) {
        for (int i = 0; i < 5; i++) {
          long block = allocator.allocateSeparate(size);
          assertTrue(Layouts.isAligned(block, Layouts.SEPARATION), () -> size + " at " + block);
          assertTrue(allocator.usableSize(block) >= Math.max(1, size));
          ends.put(block, block + Layouts.alignUp(Math.max(1, size), Layouts.SEPARATION));
        }
      }
      long before = 0;
      for (var block : ends.entrySet()) {
        assertTrue(block.getKey() >= before, "two blocks share a line");
        before = block.getValue();
      }
      ends.keySet().forEach(allocator::free);
      assertEquals(0, allocator.statistics().used());
      assertThrows(IllegalArgumentException.class, () -> allocator.allocateSeparate(-1));
      assertThrows(
          OutOfHeapMemoryException.class, () -> allocator.allocateSeparate(Long.MAX_VALUE));
    }
  }
}
