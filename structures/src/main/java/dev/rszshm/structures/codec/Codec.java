package dev.rszshm.structures.codec;

import dev.rszshm.heap.Region;
import java.nio.charset.StandardCharsets;

/**
 * Makes bytes of objects, and objects of bytes. Any number of threads may use one.
 *
 * <p>Where bytes stand for objects, as keys do, equal objects must have equal bytes, and others
 * must not.
 *
 * @param <T> the objects
 */
public interface Codec<T> {
  /** The bytes of an object. */
  byte[] encode(T object);

  /** The object of bytes; never null. */
  T decode(byte[] bytes);

  /** The number of bytes of an object. */
  default int length(T object) {
    return encode(object).length;
  }

  /**
   * Writes the bytes of an object, as many as {@link #length} says.
   *
   * @param to where to, with room for them from an offset on
   */
  default void encode(T object, Region to, long offset) {
    to.putBytes(offset, encode(object));
  }

  /** The object of bytes that lie in a heap. */
  default T decode(Region from, long offset, int length) {
    return decode(from.getBytes(offset, length));
  }

  /** Strings, as UTF-8. */
  static Codec<String> utf8() {
    return of(
        text -> text.getBytes(StandardCharsets.UTF_8),
        bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  /** Arrays of bytes, as they are. They are not copied. */
  static Codec<byte[]> bytes() {
    return of(bytes -> bytes, bytes -> bytes);
  }

  /** Numbers, in eight bytes, little-endian. */
  static Codec<Long> longs() {
    return LongCodec.INSTANCE;
  }

  /** A codec of two functions. */
  static <T> Codec<T> of(
      java.util.function.Function<T, byte[]> encoder,
      java.util.function.Function<byte[], T> decoder) {
    return new Codec<>() {
      @Override
      public byte[] encode(T object) {
        return encoder.apply(object);
      }

      @Override
      public T decode(byte[] bytes) {
        return decoder.apply(bytes);
      }
    };
  }
}
