package dev.rszshm.structures.map;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.codec.CodecException;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.sorted.OrderedCodecs;
import dev.rszshm.structures.sorted.SharedSortedMap;
import dev.rszshm.structures.sorted.SortedMapSpec;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentMap;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions that compute values may change what they are given, and codecs read older forms. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ComputedValuesTest {
  private static <V> ConcurrentMap<String, V> map(
      Allocator allocator, String kind, Codec<V> values) {
    return kind.equals("map")
        ? SharedMap.named(allocator, "values", Codecs.strings(), values)
        : SharedSortedMap.named(
            allocator, "values", SortedMapSpec.of(OrderedCodecs.strings(), values));
  }

  @ParameterizedTest
  @ValueSource(strings = {"map", "sorted map"})
  void functionMayChangeTheValueThatItIsGiven(String kind) {
    try (Heap heap = Heap.builder().length(1 << 20).createAnonymous();
        Allocator allocator = Allocator.on(heap)) {
      ConcurrentMap<String, byte[]> map = map(allocator, kind, Codecs.byteArrays());
      map.put("a", new byte[] {1});
      byte[] computed = map.compute("a", (key, value) -> increased(value));
      assertArrayEquals(new byte[] {2}, computed);
      map.computeIfPresent("a", (key, value) -> increased(value));
      map.merge("a", new byte[1], (value, other) -> increased(value));
      map.replaceAll((key, value) -> increased(value));
      assertArrayEquals(new byte[] {5}, map.get("a"));
      assertNull(
          map.compute(
              "a",
              (key, value) -> {
                increased(value);
                return null;
              }));
      assertFalse(map.containsKey("a"));
      assertNull(map.computeIfPresent("a", (key, value) -> value));
      assertNull(map.compute("a", (key, value) -> null));
      assertArrayEquals(new byte[] {9}, map.merge("a", new byte[] {9}, (x, y) -> x));
      assertThrows(NullPointerException.class, () -> map.replaceAll((key, value) -> null));
      assertEquals(1, map.size());
    }
  }

  private static byte[] increased(byte[] value) {
    value[0]++;
    return value;
  }

  @ParameterizedTest
  @ValueSource(strings = {"map", "sorted map"})
  void valuesOfAnOlderFormThatAreEqualToNoOthersAreReplaced(String kind) {
    try (Heap heap = Heap.builder().length(1 << 20).createAnonymous();
        Allocator allocator = Allocator.on(heap)) {
      map(allocator, kind, new ReadingCodec(1)).put("a", new Reading(7));
      ConcurrentMap<String, Reading> map = map(allocator, kind, new ReadingCodec(2));
      assertEquals(8, map.merge("a", new Reading(1), Reading::plus).number);
      assertEquals(8, map.compute("a", (key, value) -> value).number);
      assertTrue(map.containsKey("a"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"map", "sorted map"})
  void codecMayWriteIntoTheBytesThatItReads(String kind) {
    try (Heap heap = Heap.builder().length(1 << 20).createAnonymous();
        Allocator allocator = Allocator.on(heap)) {
      ConcurrentMap<String, Integer> map = map(allocator, kind, new EvenCodec());
      map.put("a", 7);
      assertTrue(map.replace("a", 6, 11), "7 is read as 6");
      assertFalse(map.replace("a", 12, 1));
      assertTrue(map.remove("a", 10));
      assertTrue(map.isEmpty());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"map", "sorted map"})
  void codecThatReadsNothingIsNamed(String kind) {
    try (Heap heap = Heap.builder().length(1 << 20).createAnonymous();
        Allocator allocator = Allocator.on(heap)) {
      ConcurrentMap<String, Integer> map =
          map(
              allocator,
              kind,
              new EvenCodec() {
                @Override
                @SuppressWarnings("NullAway") // what it must not do
                public Integer decode(ByteBuffer from) {
                  return null;
                }
              });
      map.put("a", 7);
      CodecException thrown = assertThrows(CodecException.class, () -> map.get("a"));
      assertTrue(thrown.getMessage().contains("made null of 4 bytes"), thrown.getMessage());
      assertThrows(CodecException.class, () -> map.containsValue(9));
    }
  }

  /** Reads each number as an even one, and leaves a 0 where it has read. */
  private static class EvenCodec implements Codec<Integer> {
    @Override
    public int length(Integer object) {
      return Integer.BYTES;
    }

    @Override
    public void encode(Integer object, ByteBuffer to) {
      to.putInt(object);
    }

    @Override
    public Integer decode(ByteBuffer from) {
      int number = from.getInt(from.position());
      from.putInt(0);
      return number & ~1;
    }
  }

  /** Is equal to itself alone. */
  private static final class Reading {
    final int number;

    Reading(int number) {
      this.number = number;
    }

    Reading plus(Reading other) {
      return new Reading(number + other.number);
    }
  }

  /** Version 1 writes one byte, version 2 the same and an empty one before it. */
  private static final class ReadingCodec implements Codec<Reading> {
    private final int version;

    ReadingCodec(int version) {
      this.version = version;
    }

    @Override
    public int version() {
      return version;
    }

    @Override
    public int length(Reading reading) {
      return version;
    }

    @Override
    public void encode(Reading reading, ByteBuffer to) {
      to.put(to.position() + version - 1, (byte) reading.number).position(version);
    }

    @Override
    public Reading decode(ByteBuffer from) {
      Reading reading = new Reading(from.get(from.limit() - 1));
      from.position(from.limit());
      return reading;
    }
  }
}
