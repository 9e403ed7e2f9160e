package dev.rszshm.structures.codec;

import dev.rszshm.heap.Region;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** The codecs of boxed types, which all take the same number of bytes. */
final class BoxedCodecs {
  static final FixedCodec<Boolean> BOOLEAN =
      of(
          1,
          Byte.BYTES,
          "boolean",
          b -> b.get() != 0,
          (b, v) -> b.put((byte) (v ? 1 : 0)),
          (r, o) -> r.getByte(o) != 0,
          (r, o, v) -> r.putByte(o, (byte) (v ? 1 : 0)));

  static final FixedCodec<Byte> BYTE =
      of(2, Byte.BYTES, "byte", ByteBuffer::get, ByteBuffer::put, Region::getByte, Region::putByte);

  static final FixedCodec<Short> SHORT =
      of(
          3,
          Short.BYTES,
          "short",
          ByteBuffer::getShort,
          ByteBuffer::putShort,
          Region::getShort,
          Region::putShort);

  static final FixedCodec<Character> CHARACTER =
      of(
          4,
          Character.BYTES,
          "char",
          ByteBuffer::getChar,
          ByteBuffer::putChar,
          Region::getChar,
          Region::putChar);

  static final FixedCodec<Integer> INTEGER =
      of(
          5,
          Integer.BYTES,
          "int",
          ByteBuffer::getInt,
          ByteBuffer::putInt,
          Region::getInt,
          Region::putInt);

  static final FixedCodec<Long> LONG =
      of(
          6,
          Long.BYTES,
          "long",
          ByteBuffer::getLong,
          ByteBuffer::putLong,
          Region::getLong,
          Region::putLong);

  static final FixedCodec<Float> FLOAT =
      of(
          7,
          Float.BYTES,
          "float",
          ByteBuffer::getFloat,
          ByteBuffer::putFloat,
          Region::getFloat,
          Region::putFloat);

  static final FixedCodec<Double> DOUBLE =
      of(
          8,
          Double.BYTES,
          "double",
          ByteBuffer::getDouble,
          ByteBuffer::putDouble,
          Region::getDouble,
          Region::putDouble);

  static final FixedCodec<UUID> UUIDS =
      of(
          9,
          2 * Long.BYTES,
          "UUID",
          b -> new UUID(b.getLong(), b.getLong()),
          (b, v) -> b.putLong(v.getMostSignificantBits()).putLong(v.getLeastSignificantBits()),
          (r, o) -> new UUID(r.getLong(o), r.getLong(o + Long.BYTES)),
          (r, o, v) -> {
            r.putLong(o, v.getMostSignificantBits());
            r.putLong(o + Long.BYTES, v.getLeastSignificantBits());
          });

  private BoxedCodecs() {}

  private interface RegionReader<T> {
    T read(Region from, long offset);
  }

  private interface RegionWriter<T> {
    void write(Region to, long offset, T value);
  }

  private static <T> FixedCodec<T> of(
      int id,
      int length,
      String name,
      Function<ByteBuffer, T> reader,
      BiConsumer<ByteBuffer, T> writer,
      RegionReader<T> regionReader,
      RegionWriter<T> regionWriter) {
    return new FixedCodec<>(id, length) {
      @Override
      public void encode(T object, ByteBuffer to) {
        writer.accept(to, object);
      }

      @Override
      T read(ByteBuffer from) {
        return reader.apply(from);
      }

      @Override
      public void encode(T object, Region to, long offset) {
        regionWriter.write(to, offset, object);
      }

      @Override
      T read(Region from, long offset) {
        return regionReader.read(from, offset);
      }

      @Override
      public String toString() {
        return name;
      }
    };
  }
}
