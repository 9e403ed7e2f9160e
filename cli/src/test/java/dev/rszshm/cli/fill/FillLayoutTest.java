package dev.rszshm.cli.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rszshm.heap.Heap;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FillLayoutTest {
  @TempDir Path directory;

  @Test
  void heapKeepsIndexTaskAndBytesWhereTheFormatSays() {
    try (Heap heap = Heap.builder().create(directory.resolve("heap"))) {
      FillLayout layout = FillLayout.of(heap);
      long d = heap.dataOffset();
      layout.writeTask(heap, 1000, 7);
      assertEquals(1000, heap.getLong(d + 128));
      assertEquals(7, heap.getLong(d + 136));
      assertEquals(d + 256 + 5, layout.offset(5));
      assertEquals(0, layout.claim(heap, 7));
      assertEquals(7, layout.claim(heap, 7));
      assertEquals(14, heap.getLong(d));
    }
  }

  @Test
  void plainFileKeepsIndexAt24AndBytesFrom28() {
    try (Heap heap = Heap.builder().plain().create(directory.resolve("heap"))) {
      FillLayout layout = FillLayout.of(heap);
      layout.writeTask(heap, 1000, 7);
      assertEquals(0, heap.getInt(28));
      assertEquals(28 + 5, layout.offset(5));
      heap.putInt(24, -3);
      assertEquals((1L << 32) - 3, layout.claim(heap, 1));
      assertEquals((1L << 32) - 2, layout.claimed(heap));
      assertEquals(0, heap.getInt(28));
    }
  }
}
