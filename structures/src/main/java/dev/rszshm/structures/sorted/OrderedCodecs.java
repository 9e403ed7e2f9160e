package dev.rszshm.structures.sorted;

import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.codec.CodecException;
import dev.rszshm.structures.codec.Codecs;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Comparator;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** The codecs of common types whose bytes are in the order of the objects. */
public final class OrderedCodecs {
  private static final OrderedCodec<Integer> INTS =
      fixed(
          257,
          "ordered int",
          Integer.BYTES,
          Comparator.<Integer>naturalOrder(),
          (to, value) -> to.putInt(value ^ Integer.MIN_VALUE),
          from -> from.getInt() ^ Integer.MIN_VALUE);

  private static final OrderedCodec<Long> LONGS =
      fixed(
          258,
          "ordered long",
          Long.BYTES,
          Comparator.<Long>naturalOrder(),
          (to, value) -> to.putLong(value ^ Long.MIN_VALUE),
          from -> from.getLong() ^ Long.MIN_VALUE);

  private static final OrderedCodec<Double> DOUBLES =
      fixed(
          259,
          "ordered double",
          Double.BYTES,
          Comparator.<Double>naturalOrder(),
          (to, value) -> to.putLong(ordered(Double.doubleToLongBits(value))),
          from -> Double.longBitsToDouble(unordered(from.getLong())));

  private static final OrderedCodec<UUID> UUIDS =
      fixed(
          260,
          "ordered UUID",
          2 * Long.BYTES,
          Comparator.<UUID>naturalOrder(),
          (to, value) ->
              to.putLong(value.getMostSignificantBits() ^ Long.MIN_VALUE)
                  .putLong(value.getLeastSignificantBits() ^ Long.MIN_VALUE),
          from -> new UUID(from.getLong() ^ Long.MIN_VALUE, from.getLong() ^ Long.MIN_VALUE));

  private static final OrderedCodec<String> STRINGS =
      new Ordered<>(Codecs.strings(), OrderedCodecs::compareCodePoints);

  private static final OrderedCodec<byte[]> BYTE_ARRAYS =
      new Ordered<>(Codecs.byteArrays(), Arrays::compareUnsigned);

  private OrderedCodecs() {}

  /** Returns the codec of ints: big-endian, with the sign turned over. */
  public static OrderedCodec<Integer> ints() {
    return INTS;
  }

  /** Returns the codec of longs: big-endian, with the sign turned over. */
  public static OrderedCodec<Long> longs() {
    return LONGS;
  }

  /**
   * Returns the codec of doubles, in the order of {@link Double#compareTo}: minus zero comes before
   * zero, and NaN, of which there is one, behind all others.
   */
  public static OrderedCodec<Double> doubles() {
    return DOUBLES;
  }

  /** Returns the codec of UUIDs, in the order of {@link UUID#compareTo}. */
  public static OrderedCodec<UUID> uuids() {
    return UUIDS;
  }

  /**
   * Returns the codec of strings, as UTF-8. Their order is that of code points. It differs from
   * that of {@link String#compareTo} in one thing: characters above U+FFFF come behind all others.
   */
  public static OrderedCodec<String> strings() {
    return STRINGS;
  }

  /** Returns the codec of byte arrays, in the order of {@link Arrays#compareUnsigned}. */
  public static OrderedCodec<byte[]> byteArrays() {
    return BYTE_ARRAYS;
  }

  private static long ordered(long bits) {
    return bits < 0 ? ~bits : bits ^ Long.MIN_VALUE;
  }

  private static long unordered(long bits) {
    return bits < 0 ? bits ^ Long.MIN_VALUE : ~bits;
  }

  private static int compareCodePoints(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean both = Character.isSurrogate(x) == Character.isSurrogate(y);
        return both ? Character.compare(x, y) : Character.isSurrogate(x) ? 1 : -1;
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  private static <T> OrderedCodec<T> fixed(
      int id,
      String name,
      int length,
      Comparator<T> order,
      BiConsumer<ByteBuffer, T> writer,
      Function<ByteBuffer, T> reader) {
    return new Fixed<>(id, name, length, order, writer, reader);
  }

  /** Objects that all take the same number of bytes, big-endian. */
  private record Fixed<T>(
      int id,
      String name,
      int length,
      Comparator<T> comparator,
      BiConsumer<ByteBuffer, T> writer,
      Function<ByteBuffer, T> reader)
      implements OrderedCodec<T> {
    @Override
    public int length(T object) {
      return length;
    }

    @Override
    public void encode(T object, ByteBuffer to) {
      ByteOrder before = to.order();
      writer.accept(to.order(ByteOrder.BIG_ENDIAN), object);
      to.order(before);
    }

    @Override
    public T decode(ByteBuffer from) {
      if (from.remaining() != length) {
        throw new CodecException(
            "found " + from.remaining() + " bytes, expected the " + length + " of an " + name);
      }
      return reader.apply(from.order(ByteOrder.BIG_ENDIAN));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** A codec whose bytes are in order as they are. */
  private record Ordered<T>(Codec<T> codec, Comparator<T> comparator) implements OrderedCodec<T> {
    @Override
    public int id() {
      return codec.id();
    }

    @Override
    public int version() {
      return codec.version();
    }

    @Override
    public boolean reads(int version) {
      return codec.reads(version);
    }

    @Override
    public int length(T object) {
      return codec.length(object);
    }

    @Override
    public void encode(T object, ByteBuffer to) {
      codec.encode(object, to);
    }

    @Override
    public byte[] encode(T object) {
      return codec.encode(object);
    }

    @Override
    public T decode(ByteBuffer from) {
      return codec.decode(from);
    }

    @Override
    public String toString() {
      return codec.toString();
    }
  }
}
