package dev.rszshm.structures.codec;

import dev.rszshm.heap.Region;

/**
 * Parts of an object that have lengths of their own: each is a length of 4 bytes and its bytes; a
 * part of a {@link FixedCodec} is its bytes alone.
 */
final class Lengths {
  /** More elements than any JVM gives an array. */
  static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  private static final int PREFIX = Integer.BYTES;

  private Lengths() {}

  /** Returns the bytes of a part, its length included. */
  static <T> long of(Codec<T> codec, T part) {
    long length = codec.length(part);
    if (codec instanceof FixedCodec<?>) {
      return length;
    }
    if (length > MAX_ARRAY) {
      throw new IllegalArgumentException(
          "a part of an object has "
              + length
              + " bytes as "
              + codec
              + ", expected up to "
              + MAX_ARRAY
              + ": store it by itself");
    }
    return PREFIX + length;
  }

  /** Writes a part; returns the offset behind it. */
  static <T> long encode(Codec<T> codec, T part, Region to, long offset) {
    long length = codec.length(part);
    long start = offset;
    if (!(codec instanceof FixedCodec<?>)) {
      to.putInt(offset, (int) length);
      start += PREFIX;
    }
    codec.encode(part, to, start);
    return start + length;
  }

  /** Where the parts of an object that is read are. */
  static final class Cursor {
    private final Region from;
    private final long end;
    private long offset;

    Cursor(Region from, long offset, long length) {
      this.from = from;
      this.offset = offset;
      this.end = offset + length;
    }

    /** Reads the next part. */
    <T> T next(Codec<T> codec) {
      long length;
      if (codec instanceof FixedCodec<?> fixed) {
        length = fixed.length();
      } else {
        require(PREFIX, codec);
        length = from.getInt(offset);
        offset += PREFIX;
      }
      require(length, codec);
      T part = codec.decode(from, offset, length);
      offset += length;
      return part;
    }

    /** Reads a number of 4 bytes. */
    int nextInt() {
      return next(BoxedCodecs.INTEGER);
    }

    /** How many bytes are left. */
    long left() {
      return end - offset;
    }

    private void require(long length, Codec<?> codec) {
      if (length < 0 || length > left()) {
        throw new CodecException(
            "found "
                + left()
                + " bytes, expected "
                + length
                + " for "
                + codec
                + ": the object was damaged, or written by another codec");
      }
    }

    /** Makes sure that nothing is left. */
    void requireEnd(Codec<?> codec) {
      if (left() != 0) {
        throw new CodecException(
            "found " + left() + " bytes behind an object of " + codec + ", expected none");
      }
    }
  }
}
