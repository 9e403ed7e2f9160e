package dev.rszshm.heap.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.rszshm.heap.Heap;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TypedArrayTest {
  private Heap heap;
  private long first;

  @BeforeEach
  void create() {
    heap = Heap.builder().span(1 << 20).createAnonymous();
    first = heap.dataOffset();
  }

  @AfterEach
  void close() {
    heap.close();
  }

  @Test
  void arraysHoldEveryTypeWithinItsRange() {
    check(ElementType.INT8, List.of((byte) -128, (byte) 0, (byte) 127), List.of());
    check(ElementType.UINT8, List.of(0, 128, 255), List.of(-1, 256));
    check(ElementType.INT16, List.of(Short.MIN_VALUE, Short.MAX_VALUE), List.of());
    check(ElementType.UINT16, List.of(0, 32_768, 65_535), List.of(-1, 65_536));
    check(ElementType.INT32, List.of(Integer.MIN_VALUE, -1, Integer.MAX_VALUE), List.of());
    check(ElementType.UINT32, List.of(0L, (1L << 32) - 1), List.of(-1L, 1L << 32));
    check(ElementType.INT64, List.of(Long.MIN_VALUE, 0L, Long.MAX_VALUE), List.of());
    BigInteger past = BigInteger.ONE.shiftLeft(64);
    check(
        ElementType.UINT64,
        List.of(BigInteger.ZERO, BigInteger.ONE.shiftLeft(63), past.subtract(BigInteger.ONE)),
        List.of(BigInteger.ONE.negate(), past));
    check(ElementType.FLOAT32, List.of(-0f, Float.MIN_VALUE, Float.NaN), List.of());
    check(ElementType.FLOAT64, List.of(-0d, Math.PI, Double.NEGATIVE_INFINITY), List.of());
  }

  private <T> void check(ElementType<T> type, List<T> good, List<T> bad) {
    TypedArray<T> array = TypedArray.at(heap, first + 1, type, good.size());
    for (int i = 0; i < good.size(); i++) {
      array.set(i, good.get(i));
    }
    List<T> iterated = new ArrayList<>();
    array.forEach(iterated::add);
    assertEquals(good, iterated, type::toString);
    assertEquals(good, array.stream().toList());
    assertEquals(good.size(), array.stream().count());
    assertEquals(type, array.type());
    for (T value : bad) {
      assertThrows(IllegalArgumentException.class, () -> array.set(0, value));
    }
    assertEquals(good.get(0), array.get(0));
    for (long index : new long[] {-1, good.size(), Long.MAX_VALUE, Long.MIN_VALUE, 1L << 61}) {
      assertThrows(IndexOutOfBoundsException.class, () -> array.get(index));
      assertThrows(IndexOutOfBoundsException.class, () -> array.set(index, good.get(0)));
    }
    var iterator = TypedArray.at(heap, first, type, 0).iterator();
    assertFalse(iterator.hasNext());
    assertThrows(NoSuchElementException.class, iterator::next);
  }
}
