package dev.rszshm.structures.channel;

import java.nio.charset.StandardCharsets;

/**
 * Converts objects to bytes and back, for {@link Channel#asBlockingQueue}. Any number of threads
 * may use one.
 *
 * @param <T> the objects
 */
public interface Codec<T> {
  /** Returns the bytes of an object. */
  byte[] encode(T object);

  /** Returns the object of bytes; never null. */
  T decode(byte[] bytes);

  /** Returns a codec for strings, in UTF-8. */
  static Codec<String> utf8() {
    return new Codec<>() {
      @Override
      public byte[] encode(String object) {
        return object.getBytes(StandardCharsets.UTF_8);
      }

      @Override
      public String decode(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
      }
    };
  }
}
