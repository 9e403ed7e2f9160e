package dev.rszshm.heap.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Region;
import dev.rszshm.heap.errors.DamagedHeapException;
import dev.rszshm.heap.errors.ReadOnlyHeapException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CounterTest {
  private static final int THREADS = 4;
  private static final int ADDITIONS = 50_000;

  private Heap heap;
  private long first;

  @BeforeEach
  void create() {
    heap = Heap.builder().span(1 << 20).length(200_000).createAnonymous();
    first = heap.dataOffset();
  }

  @AfterEach
  void close() {
    heap.close();
  }

  private static void inThreads(Runnable additions) throws Exception {
    List<FutureTask<Void>> tasks = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      tasks.add(new FutureTask<>(additions, null));
    }
    tasks.forEach(t -> new Thread(t).start());
    for (FutureTask<Void> task : tasks) {
      task.get();
    }
  }

  @Test
  void noAdditionIsLost() throws Exception {
    StripedCounter.at(heap, first + 256, 4);
    try (Heap other = Heap.builder().anyAddress().attach(heap.path())) {
      inThreads(
          () -> {
            Heap mine = Thread.currentThread().getId() % 2 == 0 ? heap : other;
            LongCounter longs = LongCounter.at(mine, first);
            IntCounter ints = IntCounter.at(mine, first + 8);
            LongCounter swapped = LongCounter.at(mine, first + 16);
            StripedCounter striped = StripedCounter.at(mine, first + 256);
            for (int i = 0; i < ADDITIONS; i++) {
              longs.getAndIncrement();
              ints.addAndGet(2);
              striped.add(3);
              long seen = swapped.get();
              while (!swapped.compareAndSet(seen, seen + 1)) {
                seen = swapped.get();
              }
            }
          });
    }
    long sum = (long) THREADS * ADDITIONS;
    assertEquals(sum, LongCounter.at(heap, first).get());
    assertEquals(2 * sum, IntCounter.at(heap, first + 8).get());
    assertEquals(sum, LongCounter.at(heap, first + 16).get());
    assertEquals(3 * sum, StripedCounter.at(heap, first + 256).sum());
  }

  @Test
  void claimsAreHandedOutOnce() throws Exception {
    LongCounter next = LongCounter.at(heap, first);
    inThreads(
        () -> {
          for (long claim = next.getAndIncrement();
              claim < 100_000;
              claim = next.getAndIncrement()) {
            heap.getAndAddInt(first + 64 + claim / 4 * 4, 1 << (claim % 4 * 8));
          }
        });
    for (byte b : heap.getBytes(first + 64, 100_000)) {
      assertEquals(1, b);
    }
  }

  @Test
  void longCounterCountsWrapsAndCompares() {
    LongCounter counter = LongCounter.at(heap, first);
    assertEquals(0, counter.get());
    assertEquals(0, counter.getAndAdd(5));
    assertEquals(4, counter.addAndGet(-1));
    assertEquals(4, counter.getAndIncrement());
    assertTrue(counter.compareAndSet(5, Long.MAX_VALUE));
    assertFalse(counter.compareAndSet(5, 1));
    assertEquals(Long.MIN_VALUE, counter.addAndGet(1));
    counter.set(-7);
    assertEquals("-7", counter.toString());
    assertEquals(-7, heap.getLong(first));
  }

  @Test
  void intCounterCountsWrapsAndCompares() {
    heap.putLong(first, -1);
    IntCounter counter = IntCounter.at(heap, first + 4);
    counter.set(0);
    assertEquals(0, counter.getAndAdd(5));
    assertEquals(4, counter.addAndGet(-1));
    assertEquals(4, counter.getAndIncrement());
    assertTrue(counter.compareAndSet(5, Integer.MAX_VALUE));
    assertFalse(counter.compareAndSet(5, 1));
    assertEquals(Integer.MIN_VALUE, counter.addAndGet(1));
    assertEquals("-2147483648", counter.toString());
    assertEquals(-1, heap.getInt(first), "the neighbor is left alone");
  }

  @Test
  void countersOutsideOrAcrossWordsAreRefused() {
    Region region = heap.region(first, 12);
    LongCounter.at(region, 0);
    IntCounter.at(region, 8);
    assertThrows(IndexOutOfBoundsException.class, () -> LongCounter.at(region, 8));
    assertThrows(IndexOutOfBoundsException.class, () -> IntCounter.at(region, 12));
    assertThrows(IndexOutOfBoundsException.class, () -> IntCounter.at(region, -4));
    assertThrows(IllegalArgumentException.class, () -> LongCounter.at(region, 4));
    assertThrows(IllegalArgumentException.class, () -> IntCounter.at(region, 2));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 16, 1024})
  void stripedCounterAddsUpAndOthersOpenIt(int stripes) {
    assertEquals(128L + 128L * stripes, StripedCounter.length(stripes));
    StripedCounter counter = StripedCounter.at(heap, first, stripes);
    assertEquals(0, counter.sum());
    counter.add(Long.MAX_VALUE);
    counter.increment();
    assertEquals(Long.MIN_VALUE, StripedCounter.at(heap, first).sum());
    assertEquals("" + Long.MIN_VALUE, counter.toString());
  }

  @Test
  void wrongNumbersOfStripesAreRefused() {
    for (int wrong : new int[] {0, -1, 3, 1000, 2048, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      assertThrows(IllegalArgumentException.class, () -> StripedCounter.length(wrong));
      assertThrows(IllegalArgumentException.class, () -> StripedCounter.at(heap, first, wrong));
    }
    assertThrows(IllegalArgumentException.class, () -> StripedCounter.at(heap, first + 4, 1));
    assertEquals(0, heap.getLong(first));
  }

  @Test
  void placeWithoutAStripedCounterIsNotOpened() {
    DamagedHeapException thrown =
        assertThrows(DamagedHeapException.class, () -> StripedCounter.at(heap, first));
    assertEquals(
        "there is no striped counter at offset "
            + first
            + ": found 0 stripes, expected a power of two from 1 to 1024. Make it first, by"
            + " StripedCounter.at with a number of stripes",
        thrown.getMessage());
    for (long wrong : new long[] {-1, 3, 2048, 1L << 32, Long.MIN_VALUE}) {
      heap.putLong(first, wrong);
      assertThrows(DamagedHeapException.class, () -> StripedCounter.at(heap, first));
    }
    Region small = heap.region(first, 256 + 127);
    assertThrows(IndexOutOfBoundsException.class, () -> StripedCounter.at(small, 0, 2));
    heap.putLong(first, 2);
    assertThrows(IndexOutOfBoundsException.class, () -> StripedCounter.at(small, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> StripedCounter.at(heap, 0));
    heap.putLong(first, 0);
    assertEquals(0, StripedCounter.at(small, 0, 1).sum());
  }

  @Test
  void whoAsksAgainFindsTheCounterAsItIs() {
    StripedCounter.at(heap, first, 4).add(5);
    assertEquals(5, StripedCounter.at(heap, first, 4).sum());
    IllegalArgumentException thrown =
        assertThrows(IllegalArgumentException.class, () -> StripedCounter.at(heap, first, 8));
    assertEquals(
        "the striped counter at offset "
            + first
            + " has 4 stripes, expected 8: ask for as many as it has, or for no number",
        thrown.getMessage());
    heap.putLong(first, 3);
    assertThrows(DamagedHeapException.class, () -> StripedCounter.at(heap, first, 4));
  }

  @Test
  void countersOfAReadOnlyHeapCanBeRead() {
    LongCounter.at(heap, first).set(6);
    StripedCounter.at(heap, first + 128, 1).add(8);
    try (Heap reader = Heap.builder().readOnly().anyAddress().attach(heap.path())) {
      assertEquals(6, LongCounter.at(reader, first).get());
      assertEquals(8, StripedCounter.at(reader, first + 128).sum());
      assertEquals(8, StripedCounter.at(reader, first + 128, 1).sum());
      assertThrows(
          ReadOnlyHeapException.class, () -> LongCounter.at(reader, first).getAndIncrement());
      assertThrows(
          ReadOnlyHeapException.class, () -> StripedCounter.at(reader, first + 128).increment());
    }
  }
}
