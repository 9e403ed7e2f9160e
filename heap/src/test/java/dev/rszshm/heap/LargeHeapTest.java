package dev.rszshm.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.faults.SharedMemoryDirectory;
import dev.rszshm.heap.view.ElementType;
import dev.rszshm.heap.view.TypedArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Seeds 1.3, numbers 1 and 15: lengths that do not fit into 31 or 32 bits, or into 63. */
class LargeHeapTest {
  private static final long GIB = 1L << 30;

  @TempDir(factory = SharedMemoryDirectory.class)
  Path directory;

  private HeapBuilder sparse() {
    return Heap.builder().backing(Backing.SPARSE);
  }

  @Test
  void heapDoublesFromOneToSixteenGibibytesAndKeepsItsContent() throws IOException {
    Path path = directory.resolve("heap");
    try (Heap heap =
            sparse()
                .plain()
                .span(16 * GIB)
                .growth(GrowthPolicy.doubling())
                .length(GIB - 24)
                .create(path);
        Heap stale = Heap.builder().anyAddress().attach(path)) {
      for (long length = GIB; length <= 16 * GIB; length *= 2) {
        assertEquals(length, heap.length());
        assertEquals(length, Files.size(path));
        heap.putLong(length - 8, length);
        assertEquals(length, stale.getLong(length - 8));
        for (long earlier = GIB; earlier <= length; earlier *= 2) {
          assertEquals(earlier, heap.getLong(earlier - 8));
        }
        if (length < 16 * GIB) {
          assertEquals(length * 2, heap.grow());
        }
      }
    }
  }

  @Test
  void heapsBeginAndGrowBeyondTwoAndFourGibibytes() throws IOException {
    for (long begin : new long[] {2 * GIB, 5 * GIB / 2, 4 * GIB, 5 * GIB}) {
      Path path = directory.resolve("heap" + begin);
      try (Heap heap = sparse().span(64 * GIB).length(begin).create(path)) {
        long last = heap.dataOffset() + begin - 8;
        heap.putLongVolatile(last, 11);
        assertTrue(heap.length() >= begin);
        long grown = heap.growTo(heap.length() + 3 * GIB);
        assertEquals(grown, Files.size(path));
        heap.putBytes(grown - 16, new byte[16]);
        heap.fill(grown - 100, 100, (byte) 5);
        assertEquals(5, heap.getByte(grown - 1));
        assertEquals(11, heap.getLongVolatile(last));
        assertThrows(IndexOutOfBoundsException.class, () -> heap.getByte(grown));
        assertEquals(grown, HeapInfo.of(path).length());
        assertEquals(64 * GIB, heap.span());
      }
    }
  }

  @Test
  void bulkOperationsReachBeyondFourGibibytes() {
    long far = 5 * GIB + 3;
    try (Heap heap = sparse().length(6 * GIB).create(directory.resolve("heap"))) {
      long near = heap.dataOffset();
      heap.putUtf8(near, "far away");
      heap.copy(near, far, 8);
      assertEquals("far away", heap.getUtf8(far, 8));
      assertEquals(OptionalLong.empty(), heap.mismatch(near, heap, far, 8));
      heap.asByteBuffer(far, 8).put(0, (byte) 'c');
      assertEquals(OptionalLong.of(0), heap.mismatch(near, heap, far, 8));
      Region region = heap.region(near, 5 * GIB + GIB / 2);
      assertEquals('c', region.getByte(far - near));
      TypedArray<Byte> array = TypedArray.at(heap, near, ElementType.INT8, 5 * GIB + GIB / 2);
      assertEquals((byte) 'c', array.get(far - near));
      assertEquals(false, heap.getAndSetBit(near, 40L * GIB));
      assertTrue(heap.getBit(near, 40L * GIB));
    }
  }

  @Test
  void allocatedHeapOfModerateSizeHasItsMemory() {
    try (Heap heap = Heap.builder().length(96L << 20).create(directory.resolve("heap"))) {
      long grown = heap.grow();
      assertTrue(grown >= 192L << 20);
      heap.fill(grown - (1 << 20), 1 << 20, (byte) 1);
      assertEquals(1, heap.getByte(grown - 1));
    }
  }

  /** Number 15: sizes whose sum overflows. */
  @Test
  void sizesThatOverflowAreRefused() {
    Path path = directory.resolve("heap");
    long[] sizes = {Long.MAX_VALUE, Long.MAX_VALUE - 24, Long.MAX_VALUE - 4096, Long.MAX_VALUE / 2};
    for (long size : sizes) {
      assertThrows(
          IllegalArgumentException.class, () -> sparse().length(size).create(path), "" + size);
      assertThrows(
          IllegalArgumentException.class,
          () -> sparse().plain().length(size).span(size).create(path),
          "" + size);
      assertThrows(RuntimeException.class, () -> sparse().span(size).create(path), "" + size);
    }
    for (long size : new long[] {0, -1, Long.MIN_VALUE}) {
      assertThrows(IllegalArgumentException.class, () -> Heap.builder().length(size));
      assertThrows(IllegalArgumentException.class, () -> Heap.builder().span(size));
    }
    assertEquals(0, directory.toFile().list().length);
  }
}
