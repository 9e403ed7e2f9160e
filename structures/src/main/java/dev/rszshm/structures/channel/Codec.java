package dev.rszshm.structures.channel;

import java.nio.charset.StandardCharsets;

/**
 * Makes bytes of objects, and objects of bytes, for {@link Channel#asBlockingQueue}. Any number of
 * threads may use one.
 *
 * @param <T> the objects
 */
public interface Codec<T> {
  /** The bytes of an object. */
  byte[] encode(T object);

  /** The object of bytes; never null. */
  T decode(byte[] bytes);

  /** Strings, as UTF-8. */
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
