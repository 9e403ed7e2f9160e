package dev.rszshm.structures.map;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.errors.OutOfHeapMemoryException;
import dev.rszshm.allocator.errors.RootMismatchException;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.errors.CodecMismatchException;
import dev.rszshm.structures.list.SharedList;
import dev.rszshm.structures.list.SharedLongList;
import dev.rszshm.structures.map.errors.MapFullException;
import dev.rszshm.structures.map.errors.NotAMapException;
import dev.rszshm.structures.map.errors.TooManyReadersException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class MapTest {
  private static final MapSpec SMALL = MapSpec.standard().withShards(1);

  @Test
  void aFullHeapIsAnExceptionAndTheMapStaysWhole() {
    try (MapFixture fixture = new MapFixture(3 << 20)) {
      SharedLongMap map = SharedLongMap.named(fixture.allocator, "map", SMALL);
      long count = 0;
      while (isPut(map, count)) {
        count++;
      }
      assertTrue(count > 3000, count + " entries have room");
      for (int i = 0; i < 100; i++) {
        assertFalse(isPut(map, count + i));
      }
      assertEquals(count, fixture.check(map.check()).entries());
      for (long key = 0; key < count; key++) {
        assertEquals(key, (map.get(key)[0] & 0xff) | (map.get(key)[1] & 0xffL) << 8);
      }
      // One half goes, and there is room again for nearly as many: lines need some, too.
      long removed = 0;
      for (long key = 0; key < count; key += 2) {
        assertTrue(map.remove(key));
        removed++;
      }
      long added = 0;
      while (isPut(map, count + added)) {
        added++;
      }
      assertTrue(added > removed * 9 / 10, added + " instead of " + removed);
      fixture.check(map.check());
      map.clear();
      assertTrue(map.put(1, new byte[1 << 19]), "of a size that had no room before");
      fixture.check(map.check());
    }
  }

  private static boolean isPut(SharedLongMap map, long key) {
    byte[] value = new byte[100];
    value[0] = (byte) key;
    value[1] = (byte) (key >>> 8);
    try {
      return map.put(key, value);
    } catch (OutOfHeapMemoryException e) {
      assertNull(map.get(key));
      return false;
    }
  }

  /** Keys of sixteen bytes with one hash: the second half undoes what the first has done. */
  @Test
  void keysThatAllCollideAreOnlySlower() {
    try (MapFixture fixture = new MapFixture()) {
      SharedMap<byte[], byte[]> map =
          SharedMap.named(
              fixture.allocator, "map", Codecs.byteArrays(), Codecs.byteArrays(), SMALL);
      MapTable table = map.table();
      List<byte[]> keys = new ArrayList<>();
      for (long i = 0; i < 1500; i++) {
        keys.add(colliding(table.seed, i));
      }
      assertEquals(
          1, keys.stream().map(table::hash).distinct().count(), "the hashes are made the same");
      for (byte[] key : keys) {
        map.set(key, key);
      }
      fixture.check(map.check());
      for (byte[] key : keys) {
        assertArrayEquals(key, map.get(key));
      }
      for (byte[] key : keys) {
        assertArrayEquals(key, map.remove(key));
      }
      assertEquals(0, map.size());
      assertEquals(0, fixture.check(map.check()).lines(), "lines are given back");
    }
  }

  private static byte[] colliding(long seed, long number) {
    long first = (seed + 0x27D4EB2F165667C5L + 16) ^ round(number);
    long state = Long.rotateLeft(first, 27) * 0x9E3779B185EBCA87L + 0x85EBCA77C2B2AE63L;
    // The second word goes in by exclusive or of its round: let that bring the state to 0.
    long wanted = Long.rotateRight(state * inverse(0x9E3779B185EBCA87L), 31);
    long second = wanted * inverse(0xC2B2AE3D27D4EB4FL);
    ByteBuffer key = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    return key.putLong(number).putLong(second).array();
  }

  private static long round(long value) {
    return Long.rotateLeft(value * 0xC2B2AE3D27D4EB4FL, 31) * 0x9E3779B185EBCA87L;
  }

  /** Of an odd number, modulo 2^64. */
  private static long inverse(long number) {
    long inverse = number;
    for (int i = 0; i < 6; i++) {
      inverse *= 2 - number * inverse;
    }
    return inverse;
  }

  @Test
  void aMapWithAMaximumRefusesMoreEntries() {
    try (MapFixture fixture = new MapFixture()) {
      MapSpec spec = MapSpec.standard().withMaximum(10);
      SharedLongMap map = SharedLongMap.named(fixture.allocator, "map", spec);
      for (long key = 0; key < 10; key++) {
        map.putLong(key, key);
      }
      MapFullException full = assertThrows(MapFullException.class, () -> map.putLong(10, 10));
      assertTrue(full.getMessage().contains("10 entries"), full.getMessage());
      assertFalse(map.putLong(3, 33), "what is there can change");
      map.remove(3);
      assertTrue(map.putLong(10, 10));
      fixture.check(map.check());
    }
  }

  @Test
  void aNameStandsForOneMapOfOneKind() {
    try (MapFixture fixture = new MapFixture()) {
      SharedLongMap map = SharedLongMap.named(fixture.allocator, "map");
      map.putLong(1, 2);
      assertEquals(2, SharedLongMap.named(fixture.allocator, "map").getLong(1, 0));
      assertEquals(
          2L,
          Codecs.longs()
              .decode(
                  SharedMap.named(fixture.allocator, "map", Codecs.longs(), Codecs.byteArrays())
                      .get(1L)));
      MapSpec other = MapSpec.standard().withMaximum(7);
      NotAMapException mismatch =
          assertThrows(
              NotAMapException.class, () -> SharedLongMap.named(fixture.allocator, "map", other));
      assertTrue(mismatch.getMessage().contains("maximum=7"), mismatch.getMessage());
      assertThrows(
          RootMismatchException.class, () -> SharedLongMap.named(fixture.allocator, "map", SMALL));
      map.close();
      assertThrows(IllegalStateException.class, () -> map.getLong(1, 0));
    }
  }

  @Test
  void aValueThatIsReadInPlaceIsFreedAfterwards() {
    try (MapFixture fixture = new MapFixture()) {
      SharedLongMap map = SharedLongMap.named(fixture.allocator, "map", SMALL);
      map.put(1, filled(100, 1));
      byte[] seen =
          map.get(
              1,
              (heap, offset, length) -> {
                map.put(1, filled(100, 2));
                map.put(1, filled(100, 3));
                map.remove(1);
                map.put(2, filled(100, 4));
                assertEquals(1, fixture.check(map.check()).retired());
                assertEquals(1, map.check().pinned());
                return heap.getBytes(offset, length);
              });
      assertArrayEquals(filled(100, 1), seen);
      MapCheck check = fixture.check(map.check());
      assertEquals(0, check.retired() + check.pinned());
      assertNull(map.get(7, (heap, offset, length) -> "there is no such key"));
    }
  }

  @Test
  void aLongBlockThatWasReplacedIsFreedAtOnceAndAShortOneKept() {
    try (MapFixture fixture = new MapFixture()) {
      SharedLongMap map = SharedLongMap.named(fixture.allocator, "map", SMALL);
      map.put(1, new byte[5000]);
      map.put(1, new byte[100]);
      assertEquals(0, fixture.check(map.check()).spares());
      map.put(1, new byte[200]);
      assertEquals(1, fixture.check(map.check()).spares());
      map.put(2, new byte[100]);
      assertEquals(0, fixture.check(map.check()).spares());
    }
  }

  @Test
  void moreReadersInPlaceThanPinsAreRefused() {
    try (MapFixture fixture = new MapFixture()) {
      SharedLongMap map = SharedLongMap.named(fixture.allocator, "map", SMALL);
      map.putLong(1, 1);
      assertThrows(TooManyReadersException.class, () -> readNested(map, 65));
      assertEquals(64, readNested(map, 64));
      assertEquals(0, fixture.check(map.check()).pinned());
    }
  }

  private static int readNested(SharedLongMap map, int depth) {
    return depth == 0 ? 0 : map.get(1, (heap, offset, length) -> 1 + readNested(map, depth - 1));
  }

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  @Test
  void threadsThatReadSeeWholeValuesWhileOthersReplaceAndGrow() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (MapFixture fixture = new MapFixture()) {
      SharedLongMap map =
          SharedLongMap.named(fixture.allocator, "map", MapSpec.standard().withShards(2));
      List<Callable<Long>> jobs = new ArrayList<>();
      for (int writer = 0; writer < 2; writer++) {
        long first = writer;
        jobs.add(
            () -> {
              for (long i = 0; i < 60_000; i++) {
                long key = (i * 7 + first) % 5000;
                if (i % 5 == 0) {
                  map.remove(key);
                } else {
                  map.put(key, filled(9 + (int) (i % 60), (int) i));
                }
                map.addAndGet(-1, 1);
              }
              return 0L;
            });
        jobs.add(
            () -> {
              byte[] into = new byte[100];
              for (long i = 0; i < 100_000; i++) {
                int length = map.get((i * 13 + first) % 5000, into);
                for (int at = 1; at < length; at++) {
                  assertEquals(into[0], into[at], "a value is whole");
                }
                if (i % 16 == 0) {
                  map.get(
                      i % 5000,
                      (heap, offset, size) -> {
                        byte[] value = heap.getBytes(offset, size);
                        assertArrayEquals(filled(size, value[0]), value);
                        return null;
                      });
                }
              }
              return 0L;
            });
      }
      for (Future<Long> job : threads.invokeAll(jobs)) {
        job.get();
      }
      assertEquals(120_000, map.getLong(-1, 0));
      fixture.check(map.check());
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aHeapThatIsClosedIsAnException() {
    MapFixture fixture = new MapFixture();
    Heap heap = fixture.heap;
    SharedLongMap map = SharedLongMap.named(Allocator.on(heap), "map");
    map.putLong(1, 1);
    fixture.close();
    assertThrows(IllegalStateException.class, () -> map.getLong(1, 0));
    assertThrows(IllegalStateException.class, () -> map.get(1));
    assertThrows(IllegalStateException.class, () -> map.putLong(1, 2));
    assertThrows(IllegalStateException.class, () -> map.remove(1));
    assertThrows(IllegalStateException.class, () -> map.forEachKey(key -> {}));
  }

  @Test
  void aMapOfNumbersToBytesIsNoOther() {
    try (MapFixture fixture = new MapFixture()) {
      SharedLongMap longs = SharedLongMap.named(fixture.allocator, "longs");
      longs.putLong(1, 2);
      assertThrows(
          CodecMismatchException.class,
          () -> SharedMap.named(fixture.allocator, "longs", Codecs.longs(), Codecs.strings()));
      assertThrows(
          CodecMismatchException.class,
          () -> SharedMap.named(fixture.allocator, "longs", Codecs.strings(), Codecs.byteArrays()));
      SharedMap.named(fixture.allocator, "texts", Codecs.longs(), Codecs.strings()).put(1L, "one");
      assertThrows(
          CodecMismatchException.class, () -> SharedLongMap.named(fixture.allocator, "texts"));
      assertThrows(
          CodecMismatchException.class, () -> SharedLongMap.find(fixture.allocator, "texts"));
      assertThrows(
          RootMismatchException.class, () -> SharedLongList.named(fixture.allocator, "texts"));
      assertThrows(
          RootMismatchException.class,
          () -> SharedList.named(fixture.allocator, "longs", Codecs.longs()));
    }
  }
}
