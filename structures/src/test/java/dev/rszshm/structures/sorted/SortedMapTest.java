package dev.rszshm.structures.sorted;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.errors.OutOfHeapMemoryException;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.map.errors.NotAMapException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SortedMapTest {
  private static final SortedMapSpec<Long, byte[]> SPEC =
      SortedMapSpec.of(OrderedCodecs.longs(), Codecs.byteArrays());

  @Test
  void aMapIsFoundByNameAndByOffset() {
    try (SortedFixture fixture = new SortedFixture()) {
      SharedSortedMap.named(fixture.allocator, "map", SPEC).put(1L, new byte[] {7});
      assertArrayEquals(
          new byte[] {7}, SharedSortedMap.named(fixture.allocator, "map", SPEC).get(1L));
      long place = fixture.allocator.allocateAligned(SharedSortedMap.LENGTH, 64);
      fixture.heap.fill(place, SharedSortedMap.LENGTH, (byte) 0);
      SharedSortedMap<Long, byte[]> at = SharedSortedMap.at(fixture.allocator, place, SPEC);
      assertTrue(at.isEmpty());
      at.put(2L, new byte[300]);
      at.dismantle();
      fixture.allocator.free(place);
      SharedSortedMap.remove(fixture.allocator, "map", SPEC);
      fixture.checkEmpty();
      assertFalse(SharedSortedMap.remove(fixture.allocator, "map", SPEC));
    }
  }

  @Test
  void anotherSpecificationIsRefused() {
    try (SortedFixture fixture = new SortedFixture()) {
      SharedSortedMap.named(fixture.allocator, "map", SPEC);
      NotAMapException refused =
          assertThrows(
              NotAMapException.class,
              () -> SharedSortedMap.named(fixture.allocator, "map", SPEC.nodeLength(8192)));
      assertTrue(refused.getMessage().contains("2^12 bytes, expected 2^13"), refused.getMessage());
    }
    assertThrows(IllegalArgumentException.class, () -> SPEC.nodeLength(1000));
  }

  @Test
  void aKeyThatIsTooLongIsRefusedAndIsAbsent() {
    try (SortedFixture fixture = new SortedFixture()) {
      SortedMapSpec<String, String> spec =
          SortedMapSpec.of(OrderedCodecs.strings(), Codecs.strings());
      SharedSortedMap<String, String> map = SharedSortedMap.named(fixture.allocator, "map", spec);
      String longest = "k".repeat(spec.maxKeyLength());
      map.put(longest, "v");
      assertThrows(IllegalArgumentException.class, () -> map.put(longest + "k", "v"));
      assertNull(map.get(longest + "k"));
      assertEquals(longest, map.floorKey(longest + "k"));
      fixture.check(map);
    }
  }

  /** Arrays are equal to nothing but themselves, which would let these methods try for ever. */
  @Test
  void arraysAreReplacedByWhatTheyContain() {
    try (SortedFixture fixture = new SortedFixture()) {
      SharedSortedMap<Long, byte[]> map = SharedSortedMap.named(fixture.allocator, "map", SPEC);
      map.merge(1L, new byte[] {1}, (a, b) -> b);
      assertArrayEquals(
          new byte[] {3},
          map.merge(1L, new byte[] {2}, (a, b) -> new byte[] {(byte) (a[0] + b[0])}));
      assertFalse(map.replace(1L, new byte[] {1}, new byte[1]));
      assertFalse(map.remove(1L, "text"));
      assertTrue(map.remove(1L, new byte[] {3}));
    }
  }

  @Test
  void aClosedObjectDoesNothingAndTheMapStays() {
    try (SortedFixture fixture = new SortedFixture()) {
      SharedSortedMap<Long, byte[]> map = SharedSortedMap.named(fixture.allocator, "map", SPEC);
      map.put(1L, new byte[1]);
      NavigableMap<Long, byte[]> part = map.tailMap(0L);
      map.close();
      assertThrows(IllegalStateException.class, () -> map.get(1L));
      assertThrows(IllegalStateException.class, () -> map.put(1L, new byte[1]));
      assertThrows(IllegalStateException.class, part::firstEntry);
      assertThrows(IllegalStateException.class, map::size);
      assertEquals(1, SharedSortedMap.named(fixture.allocator, "map", SPEC).size());
    }
  }

  /** Wherever room ends: the map is as before, all can be removed, and then there is room again. */
  @Test
  void inAFullHeapNothingIsLostAndAllCanBeRemoved() {
    try (SortedFixture fixture = new SortedFixture(2 << 20)) {
      SharedSortedMap<Long, byte[]> map =
          SharedSortedMap.named(fixture.allocator, "map", SPEC.nodeLength(512));
      TreeMap<Long, byte[]> model = new TreeMap<>();
      for (int round = 0; round < 3; round++) {
        int length = round == 1 ? 300 : 90; // outside, or in the leaf
        OutOfHeapMemoryException full =
            assertThrows(
                OutOfHeapMemoryException.class,
                () -> {
                  for (long key = 0; ; key++) {
                    long spread = key * 7919 % 1_000_003;
                    map.put(spread, new byte[length]);
                    model.put(spread, new byte[length]);
                  }
                });
        assertTrue(full.getMessage().length() > 20);
        assertEquals(model.keySet(), map.keySet());
        fixture.check(map);
        for (long key : new ArrayList<>(model.keySet())) {
          if (round == 0) {
            assertEquals(length, map.put(key, new byte[length]).length, "replaced in a full heap");
          }
          assertEquals(length, map.remove(key).length);
        }
        assertTrue(map.isEmpty());
        model.clear();
        assertEquals(0, fixture.check(map).leaves());
      }
    }
  }

  @Test
  void keysInOrderFillTheirLeaves() {
    try (SortedFixture fixture = new SortedFixture()) {
      SharedSortedMap<Long, byte[]> map = SharedSortedMap.named(fixture.allocator, "map", SPEC);
      for (long key = 0; key < 20_000; key++) {
        map.put(key, new byte[64]);
      }
      SortedMapCheck check = fixture.check(map);
      assertTrue(check.leaves() <= 20_000 / 50 + 1, check::toString);
      for (long key = 0; key < 20_000; key++) {
        map.remove(key);
      }
      assertEquals(0, fixture.check(map).blocks() - check.spares());
    }
  }

  /** A writer moves one entry up and down; who asks always finds it, and walks see the others. */
  @Test
  void readersSeeEachChangeAtOneInstant() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try (SortedFixture fixture = new SortedFixture()) {
      SharedSortedMap<Long, byte[]> map =
          SharedSortedMap.named(fixture.allocator, "map", SPEC.nodeLength(512));
      for (long key = 0; key < 2000; key += 2) {
        map.put(key, new byte[(int) (key % 100)]);
      }
      Future<?> writer =
          threads.submit(
              () -> {
                for (int i = 0; i < 30_000; i++) {
                  long key = (i * 37L % 1000) * 2 + 1;
                  map.put(key, new byte[50]);
                  map.remove(key);
                }
              });
      List<Future<?>> readers = new ArrayList<>();
      for (int reader = 0; reader < 2; reader++) {
        readers.add(threads.submit(() -> readUntil(writer, map)));
      }
      for (Future<?> reader : readers) {
        reader.get();
      }
      writer.get();
      assertEquals(1000, fixture.check(map).entries());
    } finally {
      threads.shutdownNow();
    }
  }

  private static void readUntil(Future<?> end, SharedSortedMap<Long, byte[]> map) {
    long even = 0;
    while (!end.isDone()) {
      even = (even + 2) % 1998;
      assertEquals(even % 100, map.get(even).length);
      long next = map.higherKey(even);
      assertTrue(next == even + 1 || next == even + 2, () -> "found " + next);
      long before = map.lowerKey(even + 2);
      assertTrue(before == next || before == even || before == even + 1);
      if (even % 100 == 0) {
        long[] found =
            map.keySet().stream().mapToLong(key -> key).filter(key -> key % 2 == 0).toArray();
        assertArrayEquals(LongStream.range(0, 1000).map(key -> key * 2).toArray(), found);
      }
    }
  }

  @Test
  void whatTheCallerComputesHappensOnce() throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (SortedFixture fixture = new SortedFixture()) {
      SharedSortedMap<String, Long> map =
          SharedSortedMap.named(
              fixture.allocator, "map", SortedMapSpec.of(OrderedCodecs.strings(), Codecs.longs()));
      List<Future<?>> adders = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        adders.add(
            threads.submit(
                () -> {
                  for (int n = 0; n < 2000; n++) {
                    map.merge("key" + n % 3, 1L, Long::sum);
                  }
                }));
      }
      for (Future<?> adder : adders) {
        adder.get();
      }
      assertEquals(4000, map.values().stream().mapToLong(value -> value).sum());
      assertEquals("[key0, key1, key2]", map.navigableKeySet().toString());
      Map.Entry<String, Long> last = map.pollLastEntry();
      assertEquals("key2", last.getKey());
    } finally {
      threads.shutdownNow();
    }
  }
}
