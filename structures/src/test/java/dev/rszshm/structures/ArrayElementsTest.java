package dev.rszshm.structures;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.list.SharedList;
import dev.rszshm.structures.map.SharedMap;
import dev.rszshm.structures.queue.SharedDeque;
import dev.rszshm.structures.queue.SharedQueue;
import dev.rszshm.structures.sorted.OrderedCodecs;
import dev.rszshm.structures.sorted.SharedSortedMap;
import dev.rszshm.structures.sorted.SortedMapSpec;
import java.time.Duration;
import java.util.AbstractMap.SimpleEntry;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Arrays, which are equal to no other array, are found by their bytes everywhere. */
class ArrayElementsTest {
  /** Of a type that cannot be stored. */
  private static final Object FOREIGN = "text";

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static void onEachMap(Consumer<ConcurrentMap<Long, byte[]>> test) {
    try (StructureFixture fixture = new StructureFixture()) {
      assertTimeoutPreemptively(
          Duration.ofMinutes(3),
          () -> {
            test.accept(
                SharedMap.named(fixture.allocator, "map", Codecs.longs(), Codecs.byteArrays()));
            SharedSortedMap<Long, byte[]> sorted =
                SharedSortedMap.named(
                    fixture.allocator,
                    "sorted",
                    SortedMapSpec.of(OrderedCodecs.longs(), Codecs.byteArrays()));
            test.accept(sorted);
            sorted.clear();
            test.accept(sorted.headMap(100L));
          });
    }
  }

  @Test
  void aValueIsReplacedAndRemovedIfItsBytesAreTheSame() {
    onEachMap(
        map -> {
          map.put(1L, bytes(1));
          assertFalse(map.replace(1L, bytes(2), bytes(3)));
          assertTrue(map.replace(1L, bytes(1), bytes(3)));
          assertFalse(map.remove(1L, bytes(1)));
          assertFalse(map.remove(1L, FOREIGN));
          assertTrue(map.remove(1L, bytes(3)));
          assertTrue(map.isEmpty());
        });
  }

  @Test
  void mergeAndComputeEnd() {
    onEachMap(
        map -> {
          assertArrayEquals(bytes(1), map.merge(1L, bytes(1), (a, b) -> bytes(9)));
          assertArrayEquals(bytes(1, 2), map.merge(1L, bytes(2), (a, b) -> bytes(a[0], b[0])));
          assertArrayEquals(bytes(1, 2), map.get(1L));
          assertArrayEquals(bytes(2), map.compute(1L, (k, v) -> bytes(v.length)));
          assertArrayEquals(bytes(2, 2), map.computeIfPresent(1L, (k, v) -> bytes(v[0], v[0])));
          assertArrayEquals(bytes(2, 2), map.computeIfAbsent(1L, k -> bytes(7)));
          map.replaceAll((k, v) -> bytes(5));
          assertArrayEquals(bytes(5), map.get(1L));
          map.compute(1L, (k, v) -> null);
          map.merge(2L, bytes(1), (a, b) -> null);
          map.merge(2L, bytes(1), (a, b) -> null);
          assertTrue(map.isEmpty());
        });
  }

  @Test
  void viewsFindValuesByTheirBytes() {
    onEachMap(
        map -> {
          map.put(1L, bytes(1));
          map.put(2L, bytes(2));
          assertTrue(map.containsValue(bytes(2)));
          assertFalse(map.containsValue(bytes(3)));
          assertFalse(map.containsValue(FOREIGN));
          assertTrue(map.entrySet().contains(new SimpleEntry<>(1L, bytes(1))));
          assertFalse(map.entrySet().contains(new SimpleEntry<>(1L, bytes(2))));
          assertFalse(map.entrySet().remove(new SimpleEntry<>(1L, bytes(2))));
          assertTrue(map.entrySet().remove(new SimpleEntry<>(1L, bytes(1))));
          Collection<byte[]> values = map.values();
          assertTrue(values.contains(bytes(2)));
          assertFalse(values.remove(bytes(1)));
          assertFalse(values.remove(null));
          assertTrue(values.remove(bytes(2)));
          assertTrue(map.isEmpty());
        });
  }

  @Test
  void elementsAreFoundByTheirBytes() {
    try (StructureFixture fixture = new StructureFixture()) {
      SharedList<byte[]> list = SharedList.named(fixture.allocator, "list", Codecs.byteArrays());
      list.addAll(List.of(bytes(1), bytes(2), bytes(1)));
      assertEquals(0, list.indexOf(bytes(1)));
      assertEquals(2, list.lastIndexOf(bytes(1)));
      assertTrue(list.contains(bytes(2)));
      assertFalse(list.contains(bytes(3)));
      assertFalse(list.contains(null));
      assertEquals(-1, list.lastIndexOf(FOREIGN));
      for (Collection<byte[]> queue :
          List.of(
              SharedQueue.named(fixture.allocator, "queue", Codecs.byteArrays()),
              SharedDeque.named(fixture.allocator, "deque", Codecs.byteArrays()))) {
        queue.add(bytes(1));
        assertTrue(queue.contains(bytes(1)));
        assertFalse(queue.contains(FOREIGN));
        assertFalse(queue.remove(bytes(2)));
        assertTrue(queue.remove(bytes(1)));
        assertTrue(queue.isEmpty());
      }
    }
  }
}
