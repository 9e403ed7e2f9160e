package dev.rszshm.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.errors.SpanExceededException;
import dev.rszshm.heap.view.ElementType;
import dev.rszshm.heap.view.TypedArray;
import org.junit.jupiter.api.Test;

/** Memory that is made and grown by a type of elements and how many there are. */
class ElementCountTest {
  private static final ElementType<Double> TYPE = ElementType.FLOAT64;

  @Test
  void aHeapIsMadeAndGrownForSoManyElements() {
    try (Heap heap = Heap.builder().span(1 << 22).length(TYPE, 1000).createAnonymous()) {
      long first = heap.dataOffset();
      assertTrue(heap.length() >= first + 8000 && heap.length() < first + 8000 + 4096);
      TypedArray.at(heap, first, TYPE, 1000).set(999, 1.5);
      long grown = heap.growTo(TYPE, 100_000);
      assertTrue(grown >= first + 800_000 && grown < first + 800_000 + 4096, () -> "" + grown);
      assertEquals(grown, heap.length());
      TypedArray<Double> longer = TypedArray.at(heap, first, TYPE, 100_000);
      assertEquals(1.5, longer.get(999));
      longer.set(99_999, 2.5);
      assertEquals(grown, heap.growTo(TYPE, 10), "it never becomes shorter");
      assertTrue(heap.ensure(TYPE, 200_000) >= first + 1_600_000);
    }
  }

  @Test
  void whatNoHeapHasRoomForIsRefused() {
    HeapBuilder builder = Heap.builder().span(1 << 20);
    for (long size : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE / 8 + 1}) {
      assertThrows(IllegalArgumentException.class, () -> TYPE.length(size));
      assertThrows(IllegalArgumentException.class, () -> builder.length(TYPE, size));
    }
    assertThrows(IllegalArgumentException.class, () -> builder.length(TYPE, 0));
    assertEquals(Long.MAX_VALUE - 7, TYPE.length(Long.MAX_VALUE / 8));
    try (Heap heap = builder.createAnonymous()) {
      assertThrows(SpanExceededException.class, () -> heap.growTo(TYPE, 1 << 20));
      assertThrows(SpanExceededException.class, () -> heap.growTo(TYPE, Long.MAX_VALUE / 8));
      assertThrows(IllegalArgumentException.class, () -> heap.growTo(TYPE, Long.MAX_VALUE));
      assertThrows(IllegalArgumentException.class, () -> heap.ensure(TYPE, -1));
    }
  }
}
