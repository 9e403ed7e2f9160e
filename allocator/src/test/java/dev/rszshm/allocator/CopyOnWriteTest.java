package dev.rszshm.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.ReadOnlyHeapException;
import org.junit.jupiter.api.Test;

/** The allocator of a heap that is attached copy-on-write is one to look at. */
class CopyOnWriteTest {
  @Test
  void blocksAreFoundAndContentIsTriedAndNothingIsAllocated() {
    try (Heap heap = Heap.builder().span(64 << 20).createAnonymous();
        Allocator allocator = Allocator.on(heap);
        Heap trying = Heap.builder().copyOnWrite().anyAddress().attach(heap.path());
        Allocator looking = Allocator.on(trying)) {
      long place = allocator.place("settings", 1, 1, 64);
      heap.putLong(place, 5);
      assertEquals(place, looking.place("settings", 1, 1, 64));
      trying.putLong(place, 6);
      assertEquals(5, heap.getLong(place));
      assertEquals(6, trying.getLong(place));
      assertThrows(ReadOnlyHeapException.class, () -> looking.allocate(8));
      assertThrows(ReadOnlyHeapException.class, () -> looking.free(place));
      assertThrows(ReadOnlyHeapException.class, () -> looking.allocateInto(place, 8));
      assertThrows(ReadOnlyHeapException.class, () -> looking.place("new", 1, 1, 64));
      assertThrows(ReadOnlyHeapException.class, looking::recover);
      assertThrows(ReadOnlyHeapException.class, looking::trim);
      assertTrue(looking.check().isSound());
      assertEquals(allocator.statistics().used(), looking.statistics().used());
    }
  }
}
