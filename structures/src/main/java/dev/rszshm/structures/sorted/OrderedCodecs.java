package dev.rszshm.structures.sorted;

import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.codec.CodecException;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.internal.codec.ForwardingCodec;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The codecs of common types whose bytes are in the order of the objects, and of pairs and records
 * of these, which are in the order of their parts in turn.
 */
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

  /**
   * Returns the codec of another one's objects in the opposite order, the newest first, say, of
   * times.
   */
  public static <T> OrderedCodec<T> reversed(OrderedCodec<T> codec) {
    return codec instanceof ReversedCodec<T> reversed
        ? reversed.codec()
        : new ReversedCodec<>(codec);
  }

  /**
   * Returns the codec of pairs, in the order of the first objects, and of the second ones where
   * those are equal. {@link Map#entry} makes a pair; neither object may be null.
   *
   * <pre>{@code
   * SharedSortedMap<Map.Entry<String, Long>, Double> measured =
   *     SharedSortedMap.named(
   *         allocator,
   *         "measured",
   *         SortedMapSpec.of(
   *             OrderedCodecs.pairs(OrderedCodecs.strings(), OrderedCodecs.longs()),
   *             Codecs.doubles()));
   * measured.put(Map.entry("hall", 1_000L), 20.5);
   * // all of "hall", in the order of the numbers: no string is between "hall" and "hall\0"
   * measured
   *     .subMap(Map.entry("hall", Long.MIN_VALUE), Map.entry("hall\0", Long.MIN_VALUE))
   *     .forEach((at, degrees) -> System.out.println(at.getValue() + ": " + degrees));
   * }</pre>
   *
   * <p>A first object whose length is its own costs one byte more than its bytes, and one more for
   * each byte in it that is 0 or 1.
   */
  public static <A, B> OrderedCodec<Map.Entry<A, B>> pairs(
      OrderedCodec<A> first, OrderedCodec<B> second) {
    return new CompositeCodec<>(
        "pair",
        "pair of " + first + " and " + second,
        List.of(any(first), any(second)),
        new CompositeCodec.Shape<Map.Entry<A, B>>() {
          @Override
          public Object part(Map.Entry<A, B> pair, int index) {
            return index == 0
                ? Objects.requireNonNull(pair.getKey(), "the first object of a pair")
                : Objects.requireNonNull(pair.getValue(), "the second object of a pair");
          }

          @Override
          @SuppressWarnings("unchecked") // the codecs have made them
          public Map.Entry<A, B> make(Object[] parts) {
            return Map.entry((A) parts[0], (B) parts[1]);
          }
        });
  }

  /**
   * Returns the codec of a public record, in the order of its first component, then of the second
   * one, and so on. Components are ints, longs, doubles, UUIDs, strings, byte arrays, and other
   * such records, in the order of the codecs of this class; none may be null.
   *
   * <pre>{@code
   * record Sale(String shop, int day, long number) {}
   * OrderedCodec<Sale> sales = OrderedCodecs.records(Sale.class, MethodHandles.lookup());
   * // all sales of a shop on the days 10 to 19
   * map.subMap(new Sale("north", 10, Long.MIN_VALUE), new Sale("north", 20, Long.MIN_VALUE));
   * }</pre>
   *
   * <p>The format is named by the names and codecs of the components, in their order. The name of
   * the record may change.
   *
   * @throws IllegalArgumentException if a component is of another type, the record contains itself
   *     or nothing, or it is not public
   */
  public static <R extends Record> OrderedCodec<R> records(Class<R> type) {
    return records(type, MethodHandles.publicLookup());
  }

  /**
   * As {@link #records(Class)}, for a record that is not public.
   *
   * @param lookup of the caller, who may use the record: {@code MethodHandles.lookup()}
   */
  public static <R extends Record> OrderedCodec<R> records(
      Class<R> type, MethodHandles.Lookup lookup) {
    return RecordOrder.of(type, lookup);
  }

  /**
   * As {@link #records(Class, MethodHandles.Lookup)}, with a codec for each component, such as one
   * that is {@linkplain #reversed reversed}.
   *
   * @param components of the types of the components, in their order
   * @throws IllegalArgumentException if their number is another one
   */
  public static <R extends Record> OrderedCodec<R> records(
      Class<R> type, MethodHandles.Lookup lookup, List<? extends OrderedCodec<?>> components) {
    return RecordOrder.of(type, lookup, components);
  }

  @SuppressWarnings("unchecked") // whoever calls it gives it objects of its type
  static OrderedCodec<Object> any(OrderedCodec<?> codec) {
    return (OrderedCodec<Object>) Objects.requireNonNull(codec, "codec");
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
  record Fixed<T>(
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
  private static final class Ordered<T> extends ForwardingCodec<T> implements OrderedCodec<T> {
    private final Comparator<T> comparator;

    Ordered(Codec<T> codec, Comparator<T> comparator) {
      super(codec);
      this.comparator = comparator;
    }

    @Override
    public Comparator<T> comparator() {
      return comparator;
    }
  }
}
