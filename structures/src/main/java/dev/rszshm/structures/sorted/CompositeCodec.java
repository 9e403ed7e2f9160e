package dev.rszshm.structures.sorted;

import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.codec.CodecException;
import dev.rszshm.structures.internal.codec.FormatIds;
import dev.rszshm.structures.internal.codec.PartVersions;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/*
 * Objects of several parts, in the order of the first, then of the second, and so on.
 *
 * Layout
 * ------
 * The parts, one behind the other. Those of a codec whose objects all take the same number of bytes, and the last one,
 * are as they are; the others are delimited (DelimitedBytes). So no part but the last one is the beginning of another one in its place.
 */
final class CompositeCodec<T> implements OrderedCodec<T> {
  /** Less than any JVM can have in an array. */
  private static final int MAX_LENGTH = Integer.MAX_VALUE - 8;

  /** How an object is taken apart and put together. */
  interface Shape<T> {
    /** Returns a part, which is not null. */
    Object part(T object, int index);

    T make(Object[] parts);
  }

  private final int id;
  private final String name;
  private final List<OrderedCodec<Object>> parts;
  private final List<Codec<?>> simpleParts;
  private final PartVersions versions;
  private final Shape<T> shape;
  private final int fixedLength;

  /**
   * A codec of parts.
   *
   * @param kind describes the format, together with the numbers of the parts
   * @param name what it is called
   */
  CompositeCodec(String kind, String name, List<OrderedCodec<Object>> parts, Shape<T> shape) {
    this.id =
        FormatIds.of(
            parts.stream()
                .map(part -> Integer.toString(part.id()))
                .collect(Collectors.joining(",", "ordered " + kind + "(", ")")));
    this.name = name;
    this.parts = List.copyOf(parts);
    this.simpleParts = parts.stream().flatMap(CompositeCodec::simple).toList();
    this.versions = new PartVersions(name, simpleParts);
    this.shape = shape;
    long sum = 0;
    for (OrderedCodec<?> part : parts) {
      int length = fixedLength(part);
      sum = sum < 0 || length < 0 ? -1 : sum + length;
    }
    this.fixedLength = sum < 0 ? -1 : length(sum);
  }

  private static Stream<Codec<?>> simple(OrderedCodec<?> part) {
    if (part instanceof ReversedCodec<?> reversed) {
      return simple(reversed.codec());
    }
    return part instanceof CompositeCodec<?> composite
        ? composite.simpleParts.stream()
        : Stream.of(part);
  }

  /** Returns the number of bytes that all objects of a codec take, or -1 if they differ. */
  static int fixedLength(OrderedCodec<?> codec) {
    if (codec instanceof OrderedCodecs.Fixed<?> fixed) {
      return fixed.length();
    }
    if (codec instanceof ReversedCodec<?> reversed) {
      return fixedLength(reversed.codec());
    }
    return codec instanceof CompositeCodec<?> composite ? composite.fixedLength : -1;
  }

  static int length(long length) {
    if (length > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "an object takes " + length + " bytes, expected at most " + MAX_LENGTH);
    }
    return (int) length;
  }

  @Override
  public int id() {
    return id;
  }

  @Override
  public int version() {
    return versions.version();
  }

  @Override
  public boolean reads(int version) {
    return versions.reads(version);
  }

  @Override
  public int length(T object) {
    return fixedLength >= 0 ? fixedLength : encode(object).length;
  }

  @Override
  public void encode(T object, ByteBuffer to) {
    to.put(encode(object));
  }

  private boolean isDelimited(int part) {
    return part < parts.size() - 1 && fixedLength(parts.get(part)) < 0;
  }

  @Override
  public byte[] encode(T object) {
    byte[][] encoded = new byte[parts.size()][];
    long length = 0;
    for (int i = 0; i < encoded.length; i++) {
      byte[] bytes = parts.get(i).encode(shape.part(object, i));
      encoded[i] = isDelimited(i) ? DelimitedBytes.of(bytes) : bytes;
      length += encoded[i].length;
    }
    ByteBuffer all = ByteBuffer.allocate(length(length));
    for (byte[] bytes : encoded) {
      all.put(bytes);
    }
    return all.array();
  }

  @Override
  public T decode(ByteBuffer from) {
    byte[] bytes = new byte[from.remaining()];
    from.get(bytes);
    Object[] objects = new Object[parts.size()];
    int next = 0;
    for (int i = 0; i < objects.length; i++) {
      int end = end(bytes, next, i);
      byte[] part =
          isDelimited(i)
              ? DelimitedBytes.decode(bytes, next, end, this)
              : Arrays.copyOfRange(bytes, next, end);
      objects[i] = parts.get(i).decode(part);
      next = end;
    }
    return shape.make(objects);
  }

  private int end(byte[] bytes, int from, int part) {
    if (part == parts.size() - 1) {
      return bytes.length;
    }
    int fixed = fixedLength(parts.get(part));
    if (fixed < 0) {
      return DelimitedBytes.end(bytes, from, this);
    }
    if (fixed > bytes.length - from) {
      throw new CodecException(
          "found "
              + (bytes.length - from)
              + " bytes, expected the "
              + fixed
              + " of "
              + parts.get(part)
              + ", as a part of "
              + this
              + ": the object was damaged, or written by another codec");
    }
    return from + fixed;
  }

  @Override
  public Comparator<? super T> comparator() {
    return this::compare;
  }

  private int compare(T one, T other) {
    for (int i = 0; i < parts.size(); i++) {
      int order = parts.get(i).comparator().compare(shape.part(one, i), shape.part(other, i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  @Override
  public String toString() {
    return name;
  }
}
