package dev.rszshm.structures.internal.codec;

import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.codec.CodecException;
import java.util.function.Supplier;

/**
 * Bytes that were taken out of a structure, and that nobody else has: whoever cannot decode them
 * gets them in the exception.
 *
 * <p>They are not decoded before they are taken. In the structure's lock no caller's code runs; and
 * outside of it, all who take at once would decode the same object, of whom one gets it, and an
 * object that no codec reads would hold up all behind it.
 */
public final class TakenBytes {
  private TakenBytes() {}

  /**
   * Returns the object of bytes that were taken.
   *
   * @param where what messages call the place, as in "the elements of …"
   * @throws CodecException with the bytes, whatever exception the codec has thrown; an error of the
   *     codec is thrown as it is, with such an exception suppressed in it
   */
  public static <T> T decode(Codec<T> codec, byte[] bytes, Supplier<String> where) {
    try {
      T object = codec.decode(bytes);
      if (object != null) {
        return object;
      }
    } catch (Error e) {
      e.addSuppressed(failure(codec, bytes, where, e));
      throw e;
    } catch (Exception e) {
      throw failure(codec, bytes, where, e);
    }
    throw failure(codec, bytes, where, madeNull(bytes));
  }

  /** What is thrown if a codec makes no object of bytes. */
  static CodecException madeNull(byte[] bytes) {
    return new CodecException("decode made null of " + bytes.length + " bytes, expected an object");
  }

  private static CodecException failure(
      Codec<?> codec, byte[] bytes, Supplier<String> where, Throwable thrown) {
    String found =
        thrown instanceof CodecException
            ? thrown.getMessage()
            : "decode threw " + thrown + " for " + bytes.length + " bytes, expected an object";
    return new CodecException(
        "in "
            + where.get()
            + ": "
            + found
            + ". The codec is "
            + codec
            + ": it is wrong, another one has written them, or there is damage. They were taken out:"
            + " takenBytes() of this exception has them",
        thrown,
        bytes);
  }
}
