package dev.rszshm.structures.struct;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.AllocatorStatistics;
import dev.rszshm.allocator.errors.OutOfHeapMemoryException;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.view.ElementType;
import dev.rszshm.structures.struct.errors.DamagedArrayException;
import dev.rszshm.structures.struct.errors.LayoutMismatchException;
import dev.rszshm.structures.struct.errors.MissingFieldException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedArrayTest {
  /** A place, of 24 bytes. */
  public record Point(long x, long y, int color) {}

  /** The same, as a program declares it that adds to it later. */
  @Extensible
  @Name("spot")
  public record OldSpot(long x) {}

  /** Later. */
  @Extensible
  @Name("spot")
  public record Spot(long x, @Since(2) long y) {}

  private static final StructLayout<Point> POINT = StructLayout.of(Point.class);
  private static final LongField<Point> Y = POINT.longField("y");
  private static final StructLayout<OldSpot> OLD = StructLayout.of(OldSpot.class);
  private static final StructLayout<Spot> SPOT = StructLayout.of(Spot.class);

  private final Heap heap = Heap.builder().span(64 << 20).createAnonymous();
  private final Allocator allocator = Allocator.on(heap);

  @AfterEach
  void close() {
    allocator.close();
    heap.close();
  }

  private long blocks() {
    AllocatorStatistics statistics = allocator.statistics();
    return statistics.largeBlocks()
        + statistics.classes().stream().mapToLong(AllocatorStatistics.SizeClassUse::used).sum();
  }

  @Test
  void numbersStayWhereTheyAreWhileTheArrayGrows() {
    SharedArray<Integer> numbers = SharedArray.named(allocator, "numbers", ElementType.INT32, 2);
    numbers.set(1, -5);
    long before = numbers.offset(1);
    for (int count = 6; count <= 100_000; count *= 3) {
      numbers.ensure(count);
      assertEquals(0, numbers.get(count - 1));
      numbers.set(count - 1, count);
    }
    assertEquals(before, numbers.offset(1));
    SharedArray<Integer> again = SharedArray.named(allocator, "numbers", ElementType.INT32, 0);
    assertEquals(numbers.size(), again.size());
    assertEquals(-5, again.get(1));
    assertEquals(54, again.get(53));
    assertTrue(again.check().isSound(), () -> again.check().toString());
  }

  @Test
  void structsAreReadAndChangedInPlace() {
    SharedArray<Point> points = SharedArray.named(allocator, "points", POINT, 1000);
    points.set(999, new Point(1, 2, 3));
    Y.getAndAdd(heap, points.at(999), 5);
    assertEquals(new Point(1, 7, 3), points.get(999));
    assertEquals(new Point(0, 0, 0), points.get(998));
    int count = 0;
    for (Point point : points) {
      count += point.color() == 3 ? 1 : 0;
    }
    assertEquals(1, count);
  }

  @Test
  void anIndexThatIsNotThereIsRefused() {
    SharedArray<Byte> bytes = SharedArray.named(allocator, "bytes", ElementType.INT8, 3);
    assertThrows(IndexOutOfBoundsException.class, () -> bytes.get(3));
    assertThrows(IndexOutOfBoundsException.class, () -> bytes.set(-1, (byte) 0));
    assertThrows(IndexOutOfBoundsException.class, () -> bytes.offset(Long.MAX_VALUE));
    assertThrows(IllegalArgumentException.class, () -> bytes.ensure(-1));
    assertThrows(IllegalArgumentException.class, () -> bytes.ensure(Long.MAX_VALUE));
  }

  @Test
  void whatDoesNotFitLeavesTheArrayAsItWas() {
    SharedArray<Long> numbers = SharedArray.named(allocator, "numbers", ElementType.INT64, 5);
    numbers.set(4, 44L);
    assertThrows(OutOfHeapMemoryException.class, () -> numbers.ensure(7_000_000));
    assertThrows(OutOfHeapMemoryException.class, () -> numbers.ensure(1L << 40));
    assertEquals(5, numbers.size());
    assertEquals(44L, numbers.get(4));
    assertTrue(numbers.check().isSound());
  }

  @Test
  void anotherElementTypeIsRefused() {
    SharedArray.named(allocator, "numbers", ElementType.INT32, 1);
    String message =
        assertThrows(
                LayoutMismatchException.class,
                () -> SharedArray.named(allocator, "numbers", ElementType.FLOAT32, 1))
            .getMessage();
    assertTrue(message.contains("expected float32 of 4 bytes"), message);
    assertThrows(
        LayoutMismatchException.class, () -> SharedArray.named(allocator, "numbers", POINT, 1));
  }

  @Test
  void elementsKeepTheVersionWithWhichTheArrayWasMade() {
    SharedArray<OldSpot> old = SharedArray.named(allocator, "spots", OLD, 10);
    old.set(3, new OldSpot(33));
    SharedArray<Spot> seen = SharedArray.named(allocator, "spots", SPOT, 500);
    assertEquals(new Spot(33, 0), seen.get(3));
    assertEquals(1, SPOT.versionOf(heap, seen.at(499)));
    assertThrows(MissingFieldException.class, () -> seen.set(3, new Spot(1, 2)));
    assertEquals(500, old.size());

    SharedArray<Spot> made = SharedArray.named(allocator, "new spots", SPOT, 10);
    made.set(9, new Spot(1, 2));
    SharedArray<OldSpot> longer = SharedArray.named(allocator, "new spots", OLD, 300);
    assertEquals(new OldSpot(1), longer.get(9));
    made.set(299, new Spot(3, 4));
    assertEquals(new Spot(3, 4), made.get(299));
    assertTrue(made.check().isSound(), () -> made.check().toString());
    assertTrue(old.check().isSound(), () -> old.check().toString());
  }

  @Test
  void removingGivesAllBlocksBack() {
    long before = blocks();
    assertFalse(SharedArray.remove(allocator, "numbers"));
    SharedArray<Long> numbers = SharedArray.named(allocator, "numbers", ElementType.INT64, 5000);
    ArrayCheck check = numbers.check();
    assertEquals(before + 1 + check.segments(), blocks());
    assertEquals(5000, check.size());
    assertTrue(SharedArray.remove(allocator, "numbers"));
    assertEquals(before, blocks());
    assertTrue(allocator.check().isSound());
    allocator.place("other", 1, 1, 16);
    assertThrows(DamagedArrayException.class, () -> SharedArray.remove(allocator, "other"));
  }

  @Test
  void threadsThatGrowItTogetherLoseNothing() throws InterruptedException {
    int threads = 4;
    int each = 2000;
    SharedArray<Long> numbers = SharedArray.named(allocator, "numbers", ElementType.INT64, 0);
    List<Thread> all = new ArrayList<>();
    List<Throwable> thrown = java.util.Collections.synchronizedList(new ArrayList<>());
    for (int t = 0; t < threads; t++) {
      int start = t;
      Thread thread =
          new Thread(
              () -> {
                for (long i = start; i < (long) threads * each; i += threads) {
                  numbers.ensure(i + 1);
                  numbers.set(i, i + 1);
                }
              });
      thread.setUncaughtExceptionHandler((who, what) -> thrown.add(what));
      all.add(thread);
      thread.start();
    }
    for (Thread thread : all) {
      thread.join();
    }
    assertEquals(List.of(), thrown);
    for (long i = 0; i < (long) threads * each; i++) {
      assertEquals(i + 1, numbers.get(i));
    }
    assertTrue(numbers.check().isSound());
  }
}
