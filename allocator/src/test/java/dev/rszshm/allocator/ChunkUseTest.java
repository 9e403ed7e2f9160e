package dev.rszshm.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChunkUseTest {
  @Test
  void chunksAreToldOneAfterTheOtherAndAgreeWithTheCheck() {
    try (Heap heap = Heap.builder().span(1 << 26).createAnonymous()) {
      Allocator allocator = Allocator.on(heap);
      for (int i = 0; i < 100; i++) {
        allocator.allocate(100 + 100L * i);
      }
      allocator.allocate(1 << 20);
      List<ChunkUse> all = new ArrayList<>();
      allocator.forEachChunk(all::add);
      long end = all.get(0).offset();
      long used = 0;
      for (ChunkUse use : all) {
        assertEquals(end, use.offset());
        end += use.length();
        used += use.blockSize() * use.used();
        assertTrue(use.used() <= use.capacity());
      }
      assertEquals(
          allocator.statistics().chunks() * ChunkUse.CHUNK_LENGTH, end - all.get(0).offset());
      assertEquals(allocator.check().used(), used);
      assertTrue(all.stream().anyMatch(use -> use.state() == ChunkUse.State.LARGE));
      assertTrue(
          all.stream()
              .filter(use -> use.state() == ChunkUse.State.SLAB)
              .allMatch(use -> use.owner().orElse(-1) == 0));
    }
  }
}
