package dev.rszshm.structures.map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.tests.Storm;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A map from a heap of 1 MiB to many entries: all are there, and take no more than they should. */
class ManyEntriesTest {
  private static final int CONTENT = 8 + 64;

  @Test
  void manyEntriesAreThereAndTakeLittleMoreThanTheirContent() {
    int count = Storm.count(100_000, 10_000_000);
    try (Heap heap = Heap.builder().span(16L << 30).length(1 << 20).createAnonymous();
        Allocator allocator = Allocator.on(heap)) {
      SharedLongMap map = SharedLongMap.named(allocator, "map");
      byte[] value = new byte[64];
      long before = allocator.statistics().used();
      for (int key = 0; key < count; key++) {
        value[63] = (byte) key;
        map.put(key, value);
      }
      assertEquals(count, map.size());
      for (int key = 0; key < count; key++) {
        assertEquals(64, map.get(key, value));
        assertEquals((byte) key, value[63]);
      }
      long[] seen = {0, 0};
      map.forEachKey(
          key -> {
            seen[0]++;
            seen[1] += key;
          });
      assertEquals(count, seen[0]);
      assertEquals((long) count * (count - 1) / 2, seen[1]);
      MapCheck check = map.check();
      assertEquals(List.of(), check.findings());
      double each = (allocator.statistics().used() - before) / (double) count;
      System.out.println(each + " bytes for each entry, " + check);
      assertTrue(each <= 1.3 * (CONTENT + 16), each + " bytes for each entry");
    }
  }
}
