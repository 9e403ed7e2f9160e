package dev.rszshm.structures.sorted;

import dev.rszshm.structures.codec.CodecException;
import java.util.Arrays;

/*
 * Bytes that say where they end, in the order of what they stand for.
 *
 * Layout
 * ------
 * 0 is written as 1 1, and 1 as 1 2; all other bytes are as they are; 0 is the end.
 *
 * Why the order is the same. Where two sequences differ first in a byte, 0 < 1 < all others holds for what is written too, since 1 1 is before 1 2,
 * and that before 2. Where one is the beginning of the other, it has the end there, which is less than anything the other has.
 * And nothing is the beginning of anything else, so that more can follow.
 */
final class DelimitedBytes {
  private static final byte END = 0;
  private static final byte ESCAPE = 1;

  private DelimitedBytes() {}

  /** Returns the bytes with their end. */
  static byte[] of(byte[] bytes) {
    long length = bytes.length + 1L;
    for (byte each : bytes) {
      length += isEscaped(each) ? 1 : 0;
    }
    byte[] result = new byte[CompositeCodec.length(length)];
    int next = 0;
    for (byte each : bytes) {
      if (isEscaped(each)) {
        result[next++] = ESCAPE;
        result[next++] = (byte) (each + 1);
      } else {
        result[next++] = each;
      }
    }
    result[next] = END;
    return result;
  }

  private static boolean isEscaped(byte each) {
    return each == END || each == ESCAPE;
  }

  /**
   * Returns the index behind the end of what begins somewhere.
   *
   * @throws CodecException if it has none
   */
  static int end(byte[] bytes, int from, Object codec) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] == END) {
        return i + 1;
      }
    }
    throw new CodecException(
        "found "
            + (bytes.length - from)
            + " bytes without a 0 at their end, as a part of "
            + codec
            + ": the object was damaged, or written by another codec");
  }

  /**
   * Returns what was delimited.
   *
   * @param to the index behind the end
   * @throws CodecException if it cannot have been
   */
  static byte[] decode(byte[] bytes, int from, int to, Object codec) {
    byte[] result = new byte[to - from];
    int length = 0;
    for (int i = from; i < to - 1; i++) {
      byte each = bytes[i];
      if (each == ESCAPE) {
        each = (byte) (bytes[++i] - 1);
        if (i == to - 1 || !isEscaped(each)) {
          throw new CodecException(
              "found a 1 without a 1 or a 2 behind it in a part of "
                  + codec
                  + ": the object was damaged, or written by another codec");
        }
      }
      result[length++] = each;
    }
    return Arrays.copyOf(result, length);
  }
}
