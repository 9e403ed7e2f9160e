package dev.rszshm.structures.sorted;

import dev.rszshm.structures.codec.CodecException;
import dev.rszshm.structures.internal.codec.FormatIds;
import java.nio.ByteBuffer;
import java.util.Comparator;

/**
 * The objects of another codec in the opposite order: each bit of its bytes turned over. Where they
 * differ in length, they are delimited before, so that none is the beginning of another one.
 *
 * @param codec the other one
 */
record ReversedCodec<T>(OrderedCodec<T> codec) implements OrderedCodec<T> {
  @Override
  public int id() {
    return FormatIds.of("ordered reversed(" + codec.id() + ")");
  }

  @Override
  public int version() {
    return codec.version();
  }

  @Override
  public boolean reads(int version) {
    return codec.reads(version);
  }

  private boolean isDelimited() {
    return CompositeCodec.fixedLength(codec) < 0;
  }

  @Override
  public int length(T object) {
    return isDelimited() ? encode(object).length : codec.length(object);
  }

  @Override
  public void encode(T object, ByteBuffer to) {
    to.put(encode(object));
  }

  @Override
  public byte[] encode(T object) {
    byte[] bytes = codec.encode(object);
    byte[] result = isDelimited() ? DelimitedBytes.of(bytes) : bytes;
    turnOver(result);
    return result;
  }

  @Override
  public T decode(ByteBuffer from) {
    byte[] bytes = new byte[from.remaining()];
    from.get(bytes);
    turnOver(bytes);
    if (!isDelimited()) {
      return codec.decode(bytes);
    }
    int end = DelimitedBytes.end(bytes, 0, this);
    if (end < bytes.length) {
      throw new CodecException(
          "found "
              + (bytes.length - end)
              + " bytes behind an object of "
              + this
              + ": the object was damaged, or written by another codec");
    }
    return codec.decode(DelimitedBytes.decode(bytes, 0, end, this));
  }

  private static void turnOver(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) ~bytes[i];
    }
  }

  @Override
  public Comparator<? super T> comparator() {
    return codec.comparator().reversed();
  }

  @Override
  public String toString() {
    return "reversed " + codec;
  }
}
