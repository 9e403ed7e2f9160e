package dev.rszshm.structures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.ReadOnlyHeapException;
import dev.rszshm.structures.bitset.SharedBitSet;
import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.counters.CounterMap;
import dev.rszshm.structures.list.SharedList;
import dev.rszshm.structures.list.SharedLongList;
import dev.rszshm.structures.map.SharedLongMap;
import dev.rszshm.structures.object.SharedObject;
import dev.rszshm.structures.queue.QueueSpec;
import dev.rszshm.structures.queue.RingLog;
import dev.rszshm.structures.queue.RingLogSpec;
import dev.rszshm.structures.queue.SharedDeque;
import dev.rszshm.structures.queue.SharedQueue;
import dev.rszshm.structures.strings.StringTable;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who reads may come before who writes: what is not there yet is not found, and can be told so. */
class FindingTest {
  private static final Codec<String> TEXT = Codecs.strings();
  private static final String NAME = "name";

  /** How one kind is made, and how it is found. */
  private record Kind(Function<Allocator, Object> named, Function<Allocator, Optional<?>> find) {}

  private static Map<String, Kind> kinds() {
    Map<String, Kind> kinds = new LinkedHashMap<>();
    kinds.put(
        "counters",
        new Kind(a -> CounterMap.named(a, NAME, TEXT), a -> CounterMap.find(a, NAME, TEXT)));
    kinds.put(
        "log",
        new Kind(
            a -> RingLog.named(a, NAME, TEXT, RingLogSpec.of(8, 40)),
            a -> RingLog.find(a, NAME, TEXT)));
    kinds.put(
        "queue",
        new Kind(
            a -> SharedQueue.named(a, NAME, TEXT, QueueSpec.bounded(9)),
            a -> SharedQueue.find(a, NAME, TEXT)));
    kinds.put(
        "deque",
        new Kind(a -> SharedDeque.named(a, NAME, TEXT), a -> SharedDeque.find(a, NAME, TEXT)));
    kinds.put(
        "list",
        new Kind(a -> SharedList.named(a, NAME, TEXT), a -> SharedList.find(a, NAME, TEXT)));
    kinds.put(
        "long list",
        new Kind(a -> SharedLongList.named(a, NAME), a -> SharedLongList.find(a, NAME)));
    kinds.put("bits", new Kind(a -> SharedBitSet.named(a, NAME), a -> SharedBitSet.find(a, NAME)));
    kinds.put("strings", new Kind(a -> StringTable.named(a, NAME), a -> StringTable.find(a, NAME)));
    kinds.put(
        "object",
        new Kind(
            a -> SharedObject.named(a, NAME, TEXT, 40), a -> SharedObject.find(a, NAME, TEXT)));
    kinds.put(
        "long map", new Kind(a -> SharedLongMap.named(a, NAME), a -> SharedLongMap.find(a, NAME)));
    return kinds;
  }

  @Test
  void whatIsNotThereYetIsNotFoundAndSaidSo(@TempDir Path directory) {
    kinds()
        .forEach(
            (kind, how) -> {
              Path path = directory.resolve(kind);
              try (Heap heap = Heap.builder().span(16 << 20).create(path);
                  Allocator writer = Allocator.on(heap)) {
                assertEquals(Optional.empty(), how.find.apply(writer), kind);
              }
              try (Heap heap = Heap.builder().readOnly().attach(path);
                  Allocator reader = Allocator.on(heap)) {
                assertEquals(Optional.empty(), how.find.apply(reader), kind);
                String message =
                    assertThrows(RuntimeException.class, () -> how.named.apply(reader))
                        .getMessage();
                assertTrue(message.contains("\"name\""), message);
                assertTrue(message.contains("attached for reading only: "), message);
                assertTrue(reader.roots().isEmpty(), "looking makes nothing");
              }
              try (Heap heap = Heap.attach(path);
                  Allocator writer = Allocator.on(heap)) {
                assertNotNull(how.named.apply(writer));
                assertTrue(how.find.apply(writer).isPresent(), kind);
              }
              try (Heap heap = Heap.builder().readOnly().attach(path);
                  Allocator reader = Allocator.on(heap)) {
                assertTrue(how.find.apply(reader).isPresent(), kind);
              }
            });
  }

  @Test
  void whatIsOfAnotherKindIsNotFound(@TempDir Path directory) {
    try (Heap heap = Heap.builder().span(16 << 20).create(directory.resolve("heap"));
        Allocator allocator = Allocator.on(heap)) {
      allocator.place(NAME, 7, 1, 64);
      kinds()
          .forEach((kind, how) -> assertEquals(Optional.empty(), how.find.apply(allocator), kind));
    }
  }

  @Test
  void whatNobodyHasFinishedIsNotFound(@TempDir Path directory) {
    Path path = directory.resolve("heap");
    try (Heap heap = Heap.builder().span(16 << 20).create(path);
        Allocator allocator = Allocator.on(heap)) {
      allocator.place(NAME, CounterMap.ROOT_TYPE, 1, CounterMap.LENGTH, 64);
      assertEquals(Optional.empty(), CounterMap.find(allocator, NAME, TEXT));
    }
    try (Heap heap = Heap.builder().readOnly().attach(path);
        Allocator allocator = Allocator.on(heap)) {
      String message =
          assertThrows(ReadOnlyHeapException.class, () -> CounterMap.named(allocator, NAME, TEXT))
              .getMessage();
      assertTrue(message.contains("nobody has made a counter map at offset"), message);
    }
  }
}
