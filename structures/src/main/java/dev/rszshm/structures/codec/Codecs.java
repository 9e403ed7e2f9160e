package dev.rszshm.structures.codec;

import dev.rszshm.structures.internal.codec.FormatIds;
import java.io.Serializable;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The codecs of the types of the JDK, of records and enums, and of collections of all these.
 *
 * <p>All of them are of version 1, but for collections and optional objects of a program's own
 * codecs: their {@linkplain Codec#version version} stands for the versions of all parts, and they
 * {@linkplain Codec#reads read} what each part reads.
 */
public final class Codecs {
  private static final List<Codec<?>> SIMPLE =
      List.of(
          booleans(),
          bytes(),
          shorts(),
          chars(),
          ints(),
          longs(),
          floats(),
          doubles(),
          uuids(),
          strings(),
          byteArrays(),
          shortArrays(),
          charArrays(),
          intArrays(),
          longArrays(),
          floatArrays(),
          doubleArrays());

  /** What the codecs of {@link dev.rszshm.structures.sorted.OrderedCodecs} call themselves. */
  private static final Map<Integer, String> ORDERED =
      Map.of(257, "ordered int", 258, "ordered long", 259, "ordered double", 260, "ordered UUID");

  private Codecs() {}

  /** Returns the codec of booleans, of one byte. */
  public static Codec<Boolean> booleans() {
    return BoxedCodecs.BOOLEAN;
  }

  /** Returns the codec of single bytes. */
  public static Codec<Byte> bytes() {
    return BoxedCodecs.BYTE;
  }

  /** Returns the codec of shorts. */
  public static Codec<Short> shorts() {
    return BoxedCodecs.SHORT;
  }

  /** Returns the codec of chars. */
  public static Codec<Character> chars() {
    return BoxedCodecs.CHARACTER;
  }

  /** Returns the codec of ints. */
  public static Codec<Integer> ints() {
    return BoxedCodecs.INTEGER;
  }

  /** Returns the codec of longs. */
  public static Codec<Long> longs() {
    return BoxedCodecs.LONG;
  }

  /** Returns the codec of floats. */
  public static Codec<Float> floats() {
    return BoxedCodecs.FLOAT;
  }

  /** Returns the codec of doubles. */
  public static Codec<Double> doubles() {
    return BoxedCodecs.DOUBLE;
  }

  /** Returns the codec of UUIDs. */
  public static Codec<UUID> uuids() {
    return BoxedCodecs.UUIDS;
  }

  /**
   * Returns the codec of strings, as UTF-8. A text with half a surrogate pair is refused by an
   * {@link IllegalArgumentException}.
   */
  public static Codec<String> strings() {
    return TextCodec.UTF_8;
  }

  /** Returns the codec of byte arrays. */
  public static Codec<byte[]> byteArrays() {
    return ArrayCodecs.BYTES;
  }

  /** Returns the codec of short arrays. */
  public static Codec<short[]> shortArrays() {
    return ArrayCodecs.SHORTS;
  }

  /** Returns the codec of char arrays. */
  public static Codec<char[]> charArrays() {
    return ArrayCodecs.CHARS;
  }

  /** Returns the codec of int arrays. */
  public static Codec<int[]> intArrays() {
    return ArrayCodecs.INTS;
  }

  /** Returns the codec of long arrays. */
  public static Codec<long[]> longArrays() {
    return ArrayCodecs.LONGS;
  }

  /** Returns the codec of float arrays. */
  public static Codec<float[]> floatArrays() {
    return ArrayCodecs.FLOATS;
  }

  /** Returns the codec of double arrays. */
  public static Codec<double[]> doubleArrays() {
    return ArrayCodecs.DOUBLES;
  }

  /** Returns a codec of lists. What it reads cannot be changed. */
  public static <E> Codec<List<E>> lists(Codec<E> elements) {
    return CollectionCodecs.list(elements);
  }

  /** Returns a codec of maps. What it reads cannot be changed, and is in the order of the map. */
  public static <K, V> Codec<Map<K, V>> maps(Codec<K> keys, Codec<V> values) {
    return CollectionCodecs.map(keys, values);
  }

  /** Returns a codec of optional objects. */
  public static <E> Codec<Optional<E>> optionals(Codec<E> elements) {
    return CollectionCodecs.optional(elements);
  }

  /** Returns a codec of the constants of an enum, by name, so that their order may change. */
  public static <E extends Enum<E>> Codec<E> enums(Class<E> type) {
    return new EnumCodec<>(type);
  }

  /**
   * Returns a codec of a public record, component by component, in their order. Components are of
   * primitive types, boxed types, strings, UUIDs, arrays of primitives, enums, other such records,
   * and lists, maps and optional objects of all these. None of them may be null.
   *
   * <p>The format is named by the names and types of the components, in their order, and its
   * version is always 1. A record with other components is of another format, which structures
   * refuse: see {@link Codec} for how to read both. The name of the record may change.
   *
   * @throws IllegalArgumentException if a component is of another type, the record contains itself,
   *     or it is not public; the message names it
   */
  public static <R extends Record> Codec<R> records(Class<R> type) {
    return records(type, MethodHandles.publicLookup());
  }

  /**
   * As {@link #records(Class)}, for a record that is not public.
   *
   * @param lookup of the caller, who may use the record: {@code MethodHandles.lookup()}
   */
  public static <R extends Record> Codec<R> records(Class<R> type, MethodHandles.Lookup lookup) {
    return RecordCodec.of(type, lookup);
  }

  /**
   * Returns a codec of objects by Java serialization. It reads objects of the named classes only,
   * of arrays of them, and of boxed types and strings. Prefer any other codec: this one is slow,
   * and what is read runs code of the classes that are allowed.
   *
   * @param allowed the classes of everything that an object consists of, beside its own
   */
  public static <T extends Serializable> Codec<T> serialized(Class<T> type, Class<?>... allowed) {
    return new SerializedCodec<>(type, List.of(allowed));
  }

  /**
   * Returns the name of a format of which the library has the only codec, {@code "String"} of
   * {@link #strings()}; empty for formats that are made of others, and for those of programs.
   *
   * @param id its number, as {@link Codec#id} returns it
   */
  public static Optional<String> nameOf(int id) {
    return SIMPLE.stream()
        .filter(codec -> codec.id() == id)
        .map(Codec::toString)
        .findFirst()
        .or(() -> Optional.ofNullable(ORDERED.get(id)));
  }

  /** Returns the number of a format that is made of others, whatever their versions are. */
  static int combinedId(int kind, Codec<?>... parts) {
    StringBuilder text = new StringBuilder().append(kind);
    for (Codec<?> part : parts) {
      text.append(',').append(part.id());
    }
    return FormatIds.of(text.toString());
  }
}
