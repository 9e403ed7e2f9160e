package dev.rszshm.structures.struct;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.ReadOnlyHeapException;
import dev.rszshm.heap.view.ElementType;
import dev.rszshm.structures.struct.errors.DamagedArrayException;
import dev.rszshm.structures.struct.errors.LayoutMismatchException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Structs in heaps that are attached for reading only, or are closed. */
class ReadOnlyStructTest {
  /** A place. */
  public record Point(long x, long y) {}

  /** With the name of another. */
  @Name("Point")
  record Other(long x, int y) {}

  private static final StructLayout<Point> POINT = StructLayout.of(Point.class);

  @TempDir Path directory;

  @Test
  void whoeverMayOnlyReadFindsAllAndMakesNothing() {
    Path path = directory.resolve("heap");
    try (Heap heap = Heap.builder().span(1 << 24).create(path);
        Allocator allocator = Allocator.on(heap)) {
      POINT.write(heap, POINT.named(allocator, "point"), new Point(1, 2));
      SharedArray.named(allocator, "points", POINT, 3).set(2, new Point(3, 4));
    }
    try (Heap heap = Heap.builder().readOnly().attach(path);
        Allocator allocator = Allocator.on(heap)) {
      assertEquals(1, POINT.publish(allocator));
      Block<Point> point = POINT.named(allocator, "point");
      assertEquals(new Point(1, 2), POINT.read(heap, point));
      SharedArray<Point> points = SharedArray.named(allocator, "points", POINT, 100);
      assertEquals(3, points.size());
      assertEquals(new Point(3, 4), points.get(2));
      assertTrue(points.check().isSound());
      SharedArray<byte[]> bytes = SharedArray.find(allocator, "points").orElseThrow();
      assertEquals("Point", bytes.elementName());
      assertEquals(3, bytes.size());
      assertArrayEquals(heap.getBytes(points.offset(2), 16), bytes.get(2));
      assertTrue(bytes.check().isSound());
      assertEquals(Optional.empty(), SharedArray.find(allocator, "point"));
      StoredLayout layout = StoredLayout.find(allocator, "Point").orElseThrow();
      assertEquals(POINT.toString(), "struct Point\n" + LayoutVersion.text(layout.lines()));
      assertEquals(16, layout.length());
      assertEquals(Optional.empty(), StoredLayout.find(allocator, "points"));
      assertThrows(ReadOnlyHeapException.class, () -> points.set(2, new Point(0, 0)));
      assertThrows(ReadOnlyHeapException.class, () -> points.ensure(4));
      assertThrows(ReadOnlyHeapException.class, () -> POINT.named(allocator, "another"));
      assertThrows(
          LayoutMismatchException.class, () -> StructLayout.of(Other.class).publish(allocator));
    }
  }

  @Test
  void anArrayThatNobodyHasFinishedMakingIsToldToWhoeverMayOnlyRead() {
    Path path = directory.resolve("heap");
    try (Heap heap = Heap.builder().span(1 << 24).create(path);
        Allocator allocator = Allocator.on(heap)) {
      allocator.place("array", SharedArrayLayout.MAGIC_VALUE, 1, SharedArray.LENGTH);
    }
    try (Heap heap = Heap.builder().readOnly().attach(path);
        Allocator allocator = Allocator.on(heap)) {
      assertThrows(
          DamagedArrayException.class,
          () -> SharedArray.named(allocator, "array", ElementType.INT8, 0));
    }
  }

  @Test
  void aClosedHeapIsTold() {
    Heap heap = Heap.builder().span(1 << 24).create(directory.resolve("heap"));
    Allocator allocator = Allocator.on(heap);
    SharedArray<Point> points = SharedArray.named(allocator, "points", POINT, 3);
    Block<Point> point = points.at(1);
    allocator.close();
    heap.close();
    LongField<Point> x = POINT.longField("x");
    assertThrows(IllegalStateException.class, () -> x.get(heap, point));
    assertThrows(IllegalStateException.class, () -> POINT.read(heap, point));
    assertThrows(IllegalStateException.class, () -> points.get(0));
    assertThrows(IllegalStateException.class, points::size);
  }
}
