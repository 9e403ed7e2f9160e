package dev.rszshm.allocator;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import org.junit.jupiter.api.Test;

class PresenceTest {
  @Test
  void heapThatHasLostAWordOfItsAllocatorStillHasOne() {
    try (Heap heap = Heap.builder().span(1 << 24).createAnonymous()) {
      assertFalse(Allocator.isPresent(heap));
      Allocator.on(heap).close();
      for (int at = 0; at <= 80; at += 8) {
        long offset = heap.dataOffset() + at;
        long word = heap.getLong(offset);
        heap.putLong(offset, ~word);
        assertTrue(Allocator.isPresent(heap), "word " + at);
        heap.putLong(offset, word);
      }
    }
  }

  @Test
  void heapOfOtherContentHasNone() {
    try (Heap heap = Heap.builder().length(1 << 16).createAnonymous()) {
      heap.fill(heap.dataOffset(), 4096, (byte) 'x');
      assertFalse(Allocator.isPresent(heap));
    }
    try (Heap heap = Heap.builder().span(1 << 17).length(1 << 16).createAnonymous()) {
      assertFalse(Allocator.isPresent(heap));
    }
  }
}
