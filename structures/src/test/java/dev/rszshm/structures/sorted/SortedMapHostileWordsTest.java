package dev.rszshm.structures.sorted;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.RootEntry;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.structures.codec.Codecs;
import java.time.Duration;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** One word of a sorted map is another: each method ends, with a result or an exception of ours. */
class SortedMapHostileWordsTest {
  private static final SortedMapSpec<Long, byte[]> SPEC =
      SortedMapSpec.of(OrderedCodecs.longs(), Codecs.byteArrays()).nodeLength(512);
  private static final int ENTRIES = 300;
  private static final int OPERATIONS = 300;

  /** Words behind the map's root, where its nodes are. */
  private static final int WORDS = 1 << 15;

  @Property(tries = 66)
  void everyMethodEnds(@ForAll long seed) {
    Random random = new Random(seed);
    try (Heap heap = Heap.builder().span(64 << 20).createAnonymous();
        Allocator allocator = Allocator.on(heap)) {
      SharedSortedMap<Long, byte[]> map = SharedSortedMap.named(allocator, "map", SPEC);
      for (long key = 0; key < ENTRIES; key++) {
        map.put(key, new byte[(int) (key % 60 == 0 ? 200 : key % 60)]);
      }
      RootEntry root = allocator.findRoot("map").orElseThrow();
      damage(heap, allocator.get(root.slot()), root.size(), random);
      assertTimeoutPreemptively(
          Duration.ofMinutes(3),
          () -> {
            for (int i = 0; i < OPERATIONS; i++) {
              operate(map, random);
            }
          });
    }
  }

  private static void damage(Heap heap, long root, long size, Random random) {
    long words = random.nextBoolean() ? size / Long.BYTES : WORDS;
    long at = root + Long.BYTES * (long) random.nextInt((int) words);
    long place = at < heap.length() - Long.BYTES ? at : root;
    long found = heap.getLong(place);
    heap.putLongVolatile(
        place,
        switch (random.nextInt(5)) {
          case 0 -> random.nextLong();
          case 1 -> found ^ 1L << random.nextInt(Long.SIZE);
          case 2 -> 0;
          case 3 -> -1;
          default -> heap.getLong(root + Long.BYTES * (long) random.nextInt((int) (size / 8)));
        });
  }

  private static void operate(SharedSortedMap<Long, byte[]> map, Random random) {
    long key = random.nextInt(ENTRIES + 100);
    try {
      switch (random.nextInt(10)) {
        case 0, 1 -> map.put(key, new byte[random.nextInt(200)]);
        case 2 -> map.get(key);
        case 3 -> map.remove(key);
        case 4 -> map.pollFirstEntry();
        case 5 -> map.lowerEntry(key);
        case 6 -> map.higherEntry(key);
        case 7 -> map.subMap(key, key + 50).forEach((k, v) -> {});
        case 8 -> map.descendingMap().headMap(key).forEach((k, v) -> {});
        default -> {
          if (random.nextInt(10) == 0) {
            map.clear();
          } else {
            map.check();
          }
        }
      }
    } catch (HeapException | IllegalArgumentException told) {
      // It says what is wrong.
    }
  }
}
