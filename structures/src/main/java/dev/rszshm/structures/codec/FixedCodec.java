package dev.rszshm.structures.codec;

import dev.rszshm.heap.Region;
import java.nio.ByteBuffer;

/** A codec of objects that all take the same number of bytes. */
abstract class FixedCodec<T> implements Codec<T> {
  private final int id;
  private final int length;

  FixedCodec(int id, int length) {
    this.id = id;
    this.length = length;
  }

  /** Reads one object, of which all bytes are there, and sets the position behind it. */
  abstract T read(ByteBuffer from);

  /** Reads one object, of which all bytes are there. */
  abstract T read(Region from, long offset);

  @Override
  public final int id() {
    return id;
  }

  @Override
  public final int length(T object) {
    return length;
  }

  /** Returns the number of bytes that each object takes. */
  final int length() {
    return length;
  }

  private void requireLength(int found) {
    if (found != length) {
      throw new CodecException("found " + found + " bytes, expected the " + length + " of " + this);
    }
  }

  @Override
  public final T decode(ByteBuffer from) {
    requireLength(from.remaining());
    return read(from);
  }

  @Override
  public final T decode(Region from, long offset, int found) {
    requireLength(found);
    return read(from, offset);
  }
}
