package dev.rszshm.structures.codec;

import java.nio.BufferOverflowException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Holds codecs to the lengths that they say: a codec of one's own may be wrong. */
final class Encoding {
  private Encoding() {}

  /** Returns the length of an object, which is not negative. */
  static <T> int length(Codec<T> codec, T object) {
    int length = codec.length(object);
    if (length < 0) {
      throw new CodecException(
          "found a length of " + length + " bytes, as " + codec + " says, expected 0 or more");
    }
    return length;
  }

  /** Returns the bytes of an object, as many as its codec says. */
  static <T> byte[] encode(Codec<T> codec, T object) {
    byte[] bytes = new byte[length(codec, object)];
    encode(codec, object, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
    return bytes;
  }

  /** Writes an object, which takes all the room that there is. */
  static <T> void encode(Codec<T> codec, T object, ByteBuffer to) {
    int from = to.position();
    int length = to.remaining();
    try {
      codec.encode(object, to);
    } catch (BufferOverflowException e) {
      throw new CodecException(
          codec + " wrote more than the " + length + " bytes that it said an object takes", e);
    }
    if (to.position() != from + length) {
      throw new CodecException(
          codec
              + " wrote "
              + (to.position() - from)
              + " bytes, expected the "
              + length
              + " that it said the object takes: length and encode must agree, and nobody may"
              + " change the object meanwhile");
    }
  }

  /** Returns the object of bytes. */
  static <T> T decode(Codec<T> codec, byte[] bytes) {
    try {
      return codec.decode(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
    } catch (BufferUnderflowException e) {
      throw new CodecException(
          "found "
              + bytes.length
              + " bytes, and "
              + codec
              + " reads more: the object was damaged, or written by another codec",
          e);
    }
  }
}
