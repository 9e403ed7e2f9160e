package dev.rszshm.structures.pool;

import dev.rszshm.structures.codec.Codec;
import org.jspecify.annotations.Nullable;

/** Arguments and results as bytes, by codecs that may be anybody's. */
final class TaskBytes {
  private TaskBytes() {}

  /**
   * Returns the codec of a task.
   *
   * @param task the task, and {@code what} what of it is encoded
   * @throws IllegalArgumentException if it is null
   */
  static <T> Codec<T> codec(@Nullable Codec<T> codec, PoolTask task, String what) {
    if (codec == null) {
      throw new IllegalArgumentException(
          task.getClass().getName()
              + " has no codec for its "
              + what
              + ": found null, expected one of those in Codecs, or your own");
    }
    return codec;
  }

  /**
   * Encodes an object.
   *
   * @param of whose codec it is, for the message
   * @throws IllegalStateException if the codec returns null
   */
  static <T> byte[] encode(Codec<T> codec, T object, Codec<?> of, String what) {
    byte @Nullable [] bytes = codec.encode(object);
    if (bytes == null) {
      throw new IllegalStateException(
          "the codec "
              + of.getClass().getName()
              + " has encoded "
              + what
              + " as null: a codec returns bytes");
    }
    return bytes;
  }
}
