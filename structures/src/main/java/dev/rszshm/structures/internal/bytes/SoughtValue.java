package dev.rszshm.structures.internal.bytes;

import dev.rszshm.structures.codec.Codec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A value that is looked for among stored ones. A stored value is like it if it is equal to it, or
 * has the same bytes: an array is equal to no other array.
 *
 * @param <T> the type of stored values
 */
public final class SoughtValue<T> {
  private final Codec<T> codec;
  private final @Nullable Object value;

  /** The bytes of the value, once they were needed. */
  private byte @Nullable [] bytes;

  /** Whether the value is of a type that cannot be stored. */
  private boolean isForeign;

  public SoughtValue(Codec<T> codec, @Nullable Object value) {
    this.codec = codec;
    this.value = value;
    this.isForeign = value == null;
  }

  /**
   * Returns whether stored bytes are those of the value, or of an equal one. The codec gets a copy
   * of them: callers compare them afterwards with what is there.
   */
  public boolean isStoredAs(byte[] stored) {
    return !isForeign && (hasBytes(stored) || codec.decode(stored.clone()).equals(value));
  }

  /** Returns whether a value that was stored is the one that is looked for, or has its bytes. */
  public boolean isLike(T stored) {
    return !isForeign && (stored.equals(value) || hasBytes(codec.encode(stored)));
  }

  @SuppressWarnings("unchecked")
  private boolean hasBytes(byte[] stored) {
    Object sought = value;
    if (bytes == null && !isForeign && sought != null) {
      try {
        bytes = codec.encode((T) sought);
      } catch (ClassCastException e) {
        isForeign = true;
      }
    }
    return Arrays.equals(bytes, stored);
  }
}
