package dev.rszshm.structures.codec;

import dev.rszshm.heap.Region;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers, in eight bytes. */
final class LongCodec implements Codec<Long> {
  static final LongCodec INSTANCE = new LongCodec();

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private LongCodec() {}

  @Override
  public byte[] encode(Long object) {
    byte[] bytes = new byte[Long.BYTES];
    LONG.set(bytes, 0, (long) object);
    return bytes;
  }

  @Override
  public Long decode(byte[] bytes) {
    requireLength(bytes.length);
    return (long) LONG.get(bytes, 0);
  }

  @Override
  public int length(Long object) {
    return Long.BYTES;
  }

  @Override
  public void encode(Long object, Region to, long offset) {
    to.putLong(offset, object);
  }

  @Override
  public Long decode(Region from, long offset, int length) {
    requireLength(length);
    return from.getLong(offset);
  }

  private static void requireLength(int length) {
    if (length != Long.BYTES) {
      throw new IllegalArgumentException("found " + length + " bytes, expected 8 for a number");
    }
  }
}
