package dev.rszshm.structures.codec;

import dev.rszshm.heap.Region;
import java.util.UUID;

/** The codecs of boxed types, which all take the same number of bytes. */
final class BoxedCodecs {
  static final FixedCodec<Boolean> BOOLEAN =
      of(
          1,
          1,
          "boolean",
          (r, o) -> r.getByte(o) != 0,
          (v, r, o) -> r.putByte(o, (byte) (v ? 1 : 0)));

  static final FixedCodec<Byte> BYTE =
      of(2, Byte.BYTES, "byte", Region::getByte, (v, r, o) -> r.putByte(o, v));

  static final FixedCodec<Short> SHORT =
      of(3, Short.BYTES, "short", Region::getShort, (v, r, o) -> r.putShort(o, v));

  static final FixedCodec<Character> CHARACTER =
      of(4, Character.BYTES, "char", Region::getChar, (v, r, o) -> r.putChar(o, v));

  static final FixedCodec<Integer> INTEGER =
      of(5, Integer.BYTES, "int", Region::getInt, (v, r, o) -> r.putInt(o, v));

  static final FixedCodec<Long> LONG =
      of(6, Long.BYTES, "long", Region::getLong, (v, r, o) -> r.putLong(o, v));

  static final FixedCodec<Float> FLOAT =
      of(7, Float.BYTES, "float", Region::getFloat, (v, r, o) -> r.putFloat(o, v));

  static final FixedCodec<Double> DOUBLE =
      of(8, Double.BYTES, "double", Region::getDouble, (v, r, o) -> r.putDouble(o, v));

  static final FixedCodec<UUID> UUIDS =
      of(
          9,
          2 * Long.BYTES,
          "UUID",
          (r, o) -> new UUID(r.getLong(o), r.getLong(o + Long.BYTES)),
          (v, r, o) -> {
            r.putLong(o, v.getMostSignificantBits());
            r.putLong(o + Long.BYTES, v.getLeastSignificantBits());
          });

  private BoxedCodecs() {}

  private interface Reader<T> {
    T read(Region from, long offset);
  }

  private interface Writer<T> {
    void write(T value, Region to, long offset);
  }

  private static <T> FixedCodec<T> of(
      int id, int length, String name, Reader<T> reader, Writer<T> writer) {
    return new FixedCodec<>(id, length) {
      @Override
      public void encode(T object, Region to, long offset) {
        writer.write(object, to, offset);
      }

      @Override
      T read(Region from, long offset) {
        return reader.read(from, offset);
      }

      @Override
      public String toString() {
        return name;
      }
    };
  }
}
