package dev.rszshm.structures.internal.bytes;

import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.codec.CodecException;

/** Reads what a structure has stored, and says where it was if the codec refuses it. */
public final class Decoding {
  private Decoding() {}

  /**
   * Returns the object of bytes.
   *
   * @param structure names the structure and where it is
   * @throws CodecException if they are not those of an object
   */
  public static <T> T decode(Codec<T> codec, byte[] bytes, Object structure) {
    try {
      return codec.decode(bytes);
    } catch (CodecException e) {
      throw new CodecException(
          "in "
              + structure
              + ": "
              + e.getMessage()
              + ". Use the codec that it was written with, which is "
              + codec
              + " here",
          e);
    }
  }
}
