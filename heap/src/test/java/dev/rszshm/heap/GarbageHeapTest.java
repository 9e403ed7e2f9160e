package dev.rszshm.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.faults.SharedMemoryDirectory;
import dev.rszshm.heap.internal.map.RetiredSpans;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Heaps that nobody closed. */
class GarbageHeapTest {
  private static final long SPAN = 1 << 20;

  @TempDir(factory = SharedMemoryDirectory.class)
  Path directory;

  private Path path() {
    return directory.resolve("heap");
  }

  /** Collects until something has come about, or a generous deadline is over. */
  private static boolean collectUntil(BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(180)) {
        return false;
      }
      System.gc();
      Thread.onSpinWait();
    }
    return true;
  }

  private boolean isClosed() {
    return ProcSelf.descriptorsOf(directory.toString()).isEmpty();
  }

  private static boolean isUnmapped(long base) {
    RetiredSpans.release();
    return ProcSelf.mappingsIn(base, SPAN).isEmpty();
  }

  private static long forget(HeapBuilder builder, Path path) {
    Heap heap = builder.span(SPAN).create(path);
    heap.putLong(heap.dataOffset(), 8);
    return heap.base();
  }

  @Test
  void heapThatBecameGarbageIsClosed() {
    long base = forget(Heap.builder(), path());
    assertTrue(collectUntil(this::isClosed), "its descriptor");
    assertTrue(collectUntil(() -> isUnmapped(base)), "its addresses");
    try (Heap again = Heap.attach(path())) {
      assertEquals(base, again.base());
      assertEquals(8, again.getLong(again.dataOffset()));
      assertEquals(1, again.participants().size(), "the slot is free");
    }
  }

  private static Region onlyARegion(Path path) {
    Heap heap = Heap.builder().span(SPAN).create(path);
    return heap.region(heap.dataOffset(), 64);
  }

  @Test
  void regionKeepsItsHeapOpen() {
    Region region = onlyARegion(path());
    for (int i = 0; i < 5; i++) {
      System.gc();
      region.putLong(0, i);
      assertEquals(i, region.getLong(0));
    }
    assertFalse(isClosed());
    region = null;
    assertTrue(collectUntil(this::isClosed));
  }

  private static ByteBuffer onlyAView(Path path) {
    Heap heap = Heap.builder().span(SPAN).create(path);
    heap.putLong(heap.dataOffset(), 7);
    return heap.asByteBuffer(heap.dataOffset(), 64).slice(0, 32);
  }

  /** A view is content somebody still uses: the heap waits for it, and is closed after it. */
  @Test
  void viewKeepsContentAndAddressesAndThenTheHeapIsClosed() {
    ByteBuffer view = onlyAView(path());
    for (int i = 0; i < 5; i++) {
      System.gc();
      view.put(8, (byte) i);
      assertEquals(i, view.get(8));
      assertEquals(7, view.get(0));
    }
    assertFalse(isClosed());
    assertEquals(32, view.capacity());
    view = null;
    assertTrue(
        collectUntil(
            () -> {
              Heap.builder().span(SPAN).createAnonymous().close();
              return isClosed();
            }),
        "closed when another heap is made or closed");
  }

  private static ByteBuffer closedButViewed(Path path, long[] base) {
    try (Heap heap = Heap.builder().span(SPAN).create(path)) {
      base[0] = heap.base();
      return heap.asByteBuffer(heap.dataOffset(), 64);
    }
  }

  @Test
  void addressesOfAClosedHeapComeBackWhenItsLastViewIsGarbage() {
    long[] base = new long[1];
    ByteBuffer view = closedButViewed(path(), base);
    for (int i = 0; i < 5; i++) {
      System.gc();
      assertFalse(isUnmapped(base[0]));
      view.put(0, (byte) 1);
    }
    assertEquals(64, view.capacity());
    view = null;
    assertTrue(collectUntil(() -> isUnmapped(base[0])));
    assertEquals(List.of(), ProcSelf.descriptorsOf(directory.toString()));
  }
}
