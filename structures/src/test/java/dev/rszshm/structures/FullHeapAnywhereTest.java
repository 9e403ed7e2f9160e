package dev.rszshm.structures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.errors.OutOfHeapMemoryException;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.map.MapSpec;
import dev.rszshm.structures.map.SharedMap;
import dev.rszshm.structures.sorted.OrderedCodecs;
import dev.rszshm.structures.sorted.SharedSortedMap;
import dev.rszshm.structures.sorted.SortedMapSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;

/**
 * Room ends at each allocation of a put, one that adds a line, a segment or a node, and one that
 * splits, among them: the entry is not there, all others are, and with room it goes on.
 */
class FullHeapAnywhereTest {
  private static final int MOST_ENTRIES = 60;

  /** Of each size so many blocks are free; the next one is not. */
  private static final int MOST_FREE = 6;

  private static final long[] SIZES = {16, 32, 48, 64, 96, 128, 192, 256, 384, 512, 1024};

  private static <M extends Map<Long, byte[]>> void run(
      Function<StructureFixture, M> opening, ToLongFunction<M> check) {
    int refused = 0;
    for (int entries = 0; entries < MOST_ENTRIES; entries++) {
      try (StructureFixture fixture = new StructureFixture(2 << 20)) {
        M map = opening.apply(fixture);
        for (long key = 0; key < entries; key++) {
          map.put(key, value(key));
        }
        refused += fillAndPut(fixture, map, check, entries);
      }
    }
    assertTrue(refused > 5, refused + " puts were refused");
  }

  private static byte[] value(long key) {
    return new byte[] {(byte) key, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  }

  private static <M extends Map<Long, byte[]>> int fillAndPut(
      StructureFixture fixture, M map, ToLongFunction<M> check, int entries) {
    List<List<Long>> taken = new ArrayList<>();
    for (int i = SIZES.length - 1; i >= 0; i--) {
      taken.add(fixture.fill(SIZES[i]));
    }
    int refused = 0;
    long key = entries;
    for (int free = 0; free < MOST_FREE; free++) {
      try {
        assertNull(map.put(key, value(key)));
        key++;
      } catch (OutOfHeapMemoryException full) {
        refused++;
      }
      TreeMap<Long, byte[]> found = new TreeMap<>(map);
      assertEquals(key, found.size());
      found.forEach((k, value) -> assertEquals((byte) (long) k, value[0]));
      assertTrue(check.applyAsLong(map) >= 0);
      for (List<Long> blocks : taken) {
        if (!blocks.isEmpty()) {
          fixture.allocator.free(blocks.remove(blocks.size() - 1));
        }
      }
    }
    taken.forEach(blocks -> blocks.forEach(fixture.allocator::free));
    long more = key + 50;
    while (key < more) {
      assertNull(map.put(key, value(key)));
      key++;
    }
    fixture.assertBlocks(1 + check.applyAsLong(map));
    return refused;
  }

  @Test
  void aHashMapIsWholeWhereverRoomEnds() {
    run(
        fixture ->
            SharedMap.named(
                fixture.allocator,
                "map",
                Codecs.longs(),
                Codecs.byteArrays(),
                MapSpec.standard().withShards(1)),
        map -> {
          assertEquals(List.of(), map.check().findings());
          return map.check().blocks();
        });
  }

  @Test
  void aSortedMapIsWholeWhereverRoomEnds() {
    run(
        fixture ->
            SharedSortedMap.named(
                fixture.allocator,
                "map",
                SortedMapSpec.of(OrderedCodecs.longs(), Codecs.byteArrays()).nodeLength(512)),
        map -> {
          assertEquals(List.of(), map.check().findings());
          return map.check().blocks();
        });
  }
}
