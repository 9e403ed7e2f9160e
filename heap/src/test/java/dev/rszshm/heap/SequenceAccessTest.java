package dev.rszshm.heap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Sequences of values are those of an array, and code of the caller may do what it likes. */
class SequenceAccessTest {
  private static final int MOST = 1000;

  private static Heap heap() {
    return Heap.builder().length(1 << 20).createAnonymous();
  }

  @Property(tries = 60)
  void intsAreThoseOfAnArray(
      @ForAll long seed,
      @ForAll @IntRange(max = MOST) int size,
      @ForAll @IntRange(max = 9) int at) {
    int[] expected = new Random(seed).ints(size).toArray();
    try (Heap heap = heap()) {
      Region region = heap.region(heap.dataOffset(), 2L * MOST * Integer.BYTES);
      region.setAllInts(at, size, i -> expected[(int) i]);
      assertArrayEquals(expected, region.getInts(at, size));
      assertEquals(IntStream.of(expected).asLongStream().sum(), region.sumInts(at, size));
      IntStream.Builder seen = IntStream.builder();
      region.forEachInt(at, size, seen);
      assertArrayEquals(expected, seen.build().toArray());
      region.replaceAllInts(at, size, value -> ~value);
      assertArrayEquals(IntStream.of(expected).map(v -> ~v).toArray(), region.getInts(at, size));
      region.fillInts(at, size, (int) seed);
      assertTrue(IntStream.of(region.getInts(at, size)).allMatch(v -> v == (int) seed));
      region.fillFloats(at, size, 1.5f);
      assertEquals(size == 0 ? 0 : 1.5f, region.getFloat(size == 0 ? MOST : at));
      assertEquals(0, region.getInt(at + (long) size * Integer.BYTES), "nothing behind it");
    }
  }

  @Property(tries = 60)
  void longsAndDoublesAreThoseOfAnArray(
      @ForAll long seed,
      @ForAll @IntRange(max = MOST) int size,
      @ForAll @IntRange(max = 9) int at) {
    long[] expected = new Random(seed).longs(size).toArray();
    try (Heap heap = heap()) {
      Region region = heap.region(heap.dataOffset(), 2L * MOST * Long.BYTES);
      region.setAllLongs(at, size, i -> expected[(int) i]);
      assertArrayEquals(expected, region.getLongs(at, size));
      assertEquals(LongStream.of(expected).sum(), region.sumLongs(at, size));
      LongStream.Builder seen = LongStream.builder();
      region.forEachLong(at, size, seen);
      assertArrayEquals(expected, seen.build().toArray());
      region.replaceAllLongs(at, size, value -> value * 3);
      assertArrayEquals(
          LongStream.of(expected).map(v -> v * 3).toArray(), region.getLongs(at, size));
      region.fillLongs(at, size, seed);
      assertTrue(LongStream.of(region.getLongs(at, size)).allMatch(v -> v == seed));

      region.setAllDoubles(at, size, i -> i / 4.0);
      double[] quarters = IntStream.range(0, size).mapToDouble(i -> i / 4.0).toArray();
      assertArrayEquals(quarters, region.getDoubles(at, size));
      assertEquals(Arrays.stream(quarters).reduce(0, Double::sum), region.sumDoubles(at, size));
      DoubleStream.Builder doubles = DoubleStream.builder();
      region.forEachDouble(at, size, doubles);
      assertArrayEquals(quarters, doubles.build().toArray());
      region.replaceAllDoubles(at, size, value -> -value);
      assertArrayEquals(
          DoubleStream.of(quarters).map(v -> -v).toArray(), region.getDoubles(at, size));
      region.fillDoubles(at, size, 0.1);
      assertTrue(DoubleStream.of(region.getDoubles(at, size)).allMatch(v -> v == 0.1));
      assertEquals(0, region.getLong(at + (long) size * Long.BYTES), "nothing behind it");
    }
  }

  @Test
  void longSequencesAreWhole() {
    int size = 100_001;
    try (Heap heap = heap()) {
      heap.fillLongs(heap.dataOffset(), size, 3);
      assertEquals(3L * size, heap.sumLongs(heap.dataOffset(), size));
      heap.setAllInts(heap.dataOffset(), size, i -> (int) i);
      assertEquals((long) size * (size - 1) / 2, heap.sumInts(heap.dataOffset(), size));
    }
  }

  @Test
  void sizesThatNoHeapHasAreRefused() {
    try (Heap heap = heap()) {
      long at = heap.dataOffset();
      for (long size : new long[] {1L << 61, 1L << 60, Long.MAX_VALUE, heap.length() / 8 + 1}) {
        assertThrows(IndexOutOfBoundsException.class, () -> heap.fillLongs(at, size, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> heap.sumDoubles(at, size));
        assertThrows(IndexOutOfBoundsException.class, () -> heap.forEachLong(at, size, v -> {}));
      }
      assertThrows(IllegalArgumentException.class, () -> heap.sumLongs(at, -1));
      assertThrows(IllegalArgumentException.class, () -> heap.replaceAllInts(at, -1, v -> v));
      assertEquals(0, heap.getLong(at), "nothing was written");
    }
  }

  @Test
  void sizesWhoseBytesWrapAreRefused() {
    try (Heap heap = heap()) {
      long at = heap.dataOffset();
      long[] sizes = {-1, -(1L << 61), 1 - (1L << 61), -(1L << 62), Long.MIN_VALUE};
      for (long size : sizes) {
        refuses(() -> heap.fillInts(at, size, 1));
        refuses(() -> heap.fillLongs(at, size, 1));
        refuses(() -> heap.fillFloats(at, size, 1));
        refuses(() -> heap.fillDoubles(at, size, 1));
        refuses(() -> heap.sumInts(at, size));
        refuses(() -> heap.sumLongs(at, size));
        refuses(() -> heap.sumDoubles(at, size));
        refuses(() -> heap.forEachInt(at, size, value -> {}));
        refuses(() -> heap.forEachLong(at, size, value -> {}));
        refuses(() -> heap.forEachDouble(at, size, value -> {}));
        refuses(() -> heap.setAllInts(at, size, index -> 1));
        refuses(() -> heap.setAllLongs(at, size, index -> 1));
        refuses(() -> heap.setAllDoubles(at, size, index -> 1));
        refuses(() -> heap.replaceAllInts(at, size, value -> 1));
        refuses(() -> heap.replaceAllLongs(at, size, value -> 1));
        refuses(() -> heap.replaceAllDoubles(at, size, value -> 1));
      }
    }
  }

  private static void refuses(Executable call) {
    assertThrows(IllegalArgumentException.class, call);
  }

  @Test
  void callerThatClosesTheHeapAtTheLastValueIsToldSo() {
    Heap heap = heap();
    assertThrows(
        IllegalStateException.class,
        () -> heap.forEachInt(heap.dataOffset(), 1, value -> heap.close()));
    Heap other = heap();
    assertThrows(
        IllegalStateException.class,
        () -> other.forEachDouble(other.dataOffset(), 1, value -> other.close()));
  }

  @Test
  void callerThatClosesTheHeapIsToldSo() {
    Heap first = heap();
    assertThrows(
        IllegalStateException.class,
        () -> first.forEachLong(first.dataOffset(), 10_000, value -> first.close()));
    Heap second = heap();
    assertThrows(
        IllegalStateException.class,
        () -> second.replaceAllInts(second.dataOffset(), 10_000, value -> close(second)));
    Heap third = heap();
    assertThrows(
        IllegalStateException.class,
        () -> third.setAllInts(third.dataOffset(), 10_000, index -> close(third)));
  }

  private static int close(Heap heap) {
    heap.close();
    return 1;
  }

  @Test
  void exceptionOfTheCallerEndsTheCall() {
    try (Heap heap = heap()) {
      RuntimeException thrown = new RuntimeException("enough");
      int[] seen = {0};
      RuntimeException caught =
          assertThrows(
              RuntimeException.class,
              () ->
                  heap.replaceAllLongs(
                      heap.dataOffset(),
                      1000,
                      value -> {
                        if (++seen[0] == 700) {
                          throw thrown;
                        }
                        return 1;
                      }));
      assertSame(thrown, caught);
      assertEquals(700, seen[0]);
      assertTrue(heap.sumLongs(heap.dataOffset(), 1000) < 700, "only such at the beginning");
    }
  }

  @Test
  void sequenceOfAHeapThatHasGrownElsewhereIsReached() {
    try (Heap heap = Heap.builder().length(1 << 16).span(1 << 24).create();
        Heap other = Heap.builder().anyAddress().attach(heap.path())) {
      other.growTo(1 << 22);
      other.fillLongs(other.dataOffset(), 100_000, 7);
      assertEquals(700_000, heap.sumLongs(heap.dataOffset(), 100_000));
      heap.remove();
    }
  }
}
