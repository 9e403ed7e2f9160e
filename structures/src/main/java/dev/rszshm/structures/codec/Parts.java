package dev.rszshm.structures.codec;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;

/**
 * Parts of an object that have lengths of their own: each is a length of 4 bytes and its bytes; a
 * part of a {@link FixedCodec} is its bytes alone.
 */
final class Parts {
  /** More bytes than any JVM gives an array. */
  static final int MAX_LENGTH = Integer.MAX_VALUE - 8;

  private Parts() {}

  /** Adds the bytes of a part, its length included, to those of the parts before it. */
  static <T> int add(int before, Codec<T> codec, T part) {
    int prefix = codec instanceof FixedCodec<?> ? 0 : Integer.BYTES;
    return checked((long) before + prefix + Encoding.length(codec, part), codec);
  }

  /** As {@link #add}, for many parts of which each takes as many bytes as any other. */
  static int addFixed(int before, FixedCodec<?> codec, int size) {
    return checked(before + (long) codec.length() * size, codec);
  }

  private static int checked(long length, Codec<?> codec) {
    if (length > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "an object has more than "
              + MAX_LENGTH
              + " bytes with a part of "
              + codec
              + ": store its parts by themselves");
    }
    return (int) length;
  }

  /** Writes a part. */
  static <T> void put(Codec<T> codec, T part, ByteBuffer to) {
    if (codec instanceof FixedCodec<?>) {
      codec.encode(part, to);
      return;
    }
    int length = Encoding.length(codec, part);
    to.putInt(length);
    int end = to.position() + length;
    if (end < 0 || end > to.limit()) {
      throw new BufferOverflowException();
    }
    int limit = to.limit();
    to.limit(end);
    Encoding.encode(codec, part, to);
    to.limit(limit);
  }

  /** Reads the next part. */
  static <T> T next(Codec<T> codec, ByteBuffer from) {
    if (codec instanceof FixedCodec<T> fixed) {
      require(from, fixed.length(), codec);
      return fixed.read(from);
    }
    require(from, Integer.BYTES, codec);
    int length = from.getInt();
    require(from, length, codec);
    T part = codec.decode(from.slice(from.position(), length).order(from.order()));
    from.position(from.position() + length);
    return part;
  }

  private static void require(ByteBuffer from, int length, Codec<?> codec) {
    if (length < 0 || length > from.remaining()) {
      throw new CodecException(
          "found "
              + from.remaining()
              + " bytes, expected "
              + length
              + " for "
              + codec
              + ": the object was damaged, or written by another codec");
    }
  }

  /** Makes sure that nothing is left. */
  static void requireEnd(ByteBuffer from, Codec<?> codec) {
    if (from.hasRemaining()) {
      throw new CodecException(
          "found " + from.remaining() + " bytes behind an object of " + codec + ", expected none");
    }
  }
}
