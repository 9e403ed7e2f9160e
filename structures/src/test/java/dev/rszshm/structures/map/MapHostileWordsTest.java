package dev.rszshm.structures.map;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.RootEntry;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.HeapException;
import java.time.Duration;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** One word of a map is another: each method ends, with a result or an exception of ours. */
class MapHostileWordsTest {
  private static final int ENTRIES = 300;
  private static final int OPERATIONS = 300;

  /** Words behind the map's root, where its shards, lines and entries are. */
  private static final int WORDS = 1 << 16;

  @Property(tries = 120)
  void everyMethodEnds(@ForAll long seed) {
    Random random = new Random(seed);
    try (Heap heap = Heap.builder().span(64 << 20).createAnonymous();
        Allocator allocator = Allocator.on(heap)) {
      SharedLongMap map = SharedLongMap.named(allocator, "map", MapSpec.standard().withShards(2));
      for (long key = 0; key < ENTRIES; key++) {
        map.put(key, new byte[(int) (key % 60) + 1]);
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

  private static void operate(SharedLongMap map, Random random) {
    long key = random.nextInt(ENTRIES + 100);
    try {
      switch (random.nextInt(6)) {
        case 0 -> map.put(key, new byte[random.nextInt(80) + 1]);
        case 1 -> map.get(key);
        case 2 -> map.remove(key);
        case 3 -> map.addAndGet(key + 1000, 1);
        case 4 -> map.size();
        default -> map.check();
      }
    } catch (HeapException | IllegalArgumentException told) {
      // It says what is wrong.
    }
  }
}
