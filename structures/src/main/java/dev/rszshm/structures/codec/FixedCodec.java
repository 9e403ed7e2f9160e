package dev.rszshm.structures.codec;

import dev.rszshm.heap.Region;

/** A codec of objects that all take the same number of bytes. */
abstract class FixedCodec<T> implements Codec<T> {
  private final int id;
  private final int length;

  FixedCodec(int id, int length) {
    this.id = id;
    this.length = length;
  }

  /** Reads one object, of which all bytes are there. */
  abstract T read(Region from, long offset);

  @Override
  public final int id() {
    return id;
  }

  @Override
  public final long length(T object) {
    return length;
  }

  /** Returns the number of bytes that each object takes. */
  final int length() {
    return length;
  }

  @Override
  public final T decode(Region from, long offset, long found) {
    if (found != length) {
      throw new CodecException("found " + found + " bytes, expected the " + length + " of " + this);
    }
    return read(from, offset);
  }
}
