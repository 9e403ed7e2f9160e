package dev.rszshm.heap.internal.memory;

import dev.rszshm.heap.spi.Memory;
import java.util.List;

/**
 * One get of {@link Memory} and the put it pairs with, on the bits of their type: what is put are
 * the low bits of a long, and what is got is extended with zeros.
 */
record Access(String name, Order order, int length, Get get, Put put) {
  enum Order {
    PLAIN,
    OPAQUE,
    ACQUIRE_RELEASE,
    VOLATILE
  }

  interface Get {
    long from(Memory memory, long address);
  }

  interface Put {
    void to(Memory memory, long address, long bits);
  }

  static final List<Access> ALL =
      List.of(
          new Access(
              "Byte",
              Order.PLAIN,
              Byte.BYTES,
              (m, a) -> m.getByte(a) & 0xFFL,
              (m, a, v) -> m.putByte(a, (byte) v)),
          new Access(
              "ByteOpaque",
              Order.OPAQUE,
              Byte.BYTES,
              (m, a) -> m.getByteOpaque(a) & 0xFFL,
              (m, a, v) -> m.putByteOpaque(a, (byte) v)),
          new Access(
              "ByteAcquire",
              Order.ACQUIRE_RELEASE,
              Byte.BYTES,
              (m, a) -> m.getByteAcquire(a) & 0xFFL,
              (m, a, v) -> m.putByteRelease(a, (byte) v)),
          new Access(
              "ByteVolatile",
              Order.VOLATILE,
              Byte.BYTES,
              (m, a) -> m.getByteVolatile(a) & 0xFFL,
              (m, a, v) -> m.putByteVolatile(a, (byte) v)),
          new Access(
              "Short",
              Order.PLAIN,
              Short.BYTES,
              (m, a) -> m.getShort(a) & 0xFFFFL,
              (m, a, v) -> m.putShort(a, (short) v)),
          new Access(
              "ShortOpaque",
              Order.OPAQUE,
              Short.BYTES,
              (m, a) -> m.getShortOpaque(a) & 0xFFFFL,
              (m, a, v) -> m.putShortOpaque(a, (short) v)),
          new Access(
              "ShortAcquire",
              Order.ACQUIRE_RELEASE,
              Short.BYTES,
              (m, a) -> m.getShortAcquire(a) & 0xFFFFL,
              (m, a, v) -> m.putShortRelease(a, (short) v)),
          new Access(
              "ShortVolatile",
              Order.VOLATILE,
              Short.BYTES,
              (m, a) -> m.getShortVolatile(a) & 0xFFFFL,
              (m, a, v) -> m.putShortVolatile(a, (short) v)),
          new Access(
              "Char",
              Order.PLAIN,
              Character.BYTES,
              (m, a) -> m.getChar(a),
              (m, a, v) -> m.putChar(a, (char) v)),
          new Access(
              "CharOpaque",
              Order.OPAQUE,
              Character.BYTES,
              (m, a) -> m.getCharOpaque(a),
              (m, a, v) -> m.putCharOpaque(a, (char) v)),
          new Access(
              "CharAcquire",
              Order.ACQUIRE_RELEASE,
              Character.BYTES,
              (m, a) -> m.getCharAcquire(a),
              (m, a, v) -> m.putCharRelease(a, (char) v)),
          new Access(
              "CharVolatile",
              Order.VOLATILE,
              Character.BYTES,
              (m, a) -> m.getCharVolatile(a),
              (m, a, v) -> m.putCharVolatile(a, (char) v)),
          new Access(
              "Int",
              Order.PLAIN,
              Integer.BYTES,
              (m, a) -> m.getInt(a) & 0xFFFFFFFFL,
              (m, a, v) -> m.putInt(a, (int) v)),
          new Access(
              "IntOpaque",
              Order.OPAQUE,
              Integer.BYTES,
              (m, a) -> m.getIntOpaque(a) & 0xFFFFFFFFL,
              (m, a, v) -> m.putIntOpaque(a, (int) v)),
          new Access(
              "IntAcquire",
              Order.ACQUIRE_RELEASE,
              Integer.BYTES,
              (m, a) -> m.getIntAcquire(a) & 0xFFFFFFFFL,
              (m, a, v) -> m.putIntRelease(a, (int) v)),
          new Access(
              "IntVolatile",
              Order.VOLATILE,
              Integer.BYTES,
              (m, a) -> m.getIntVolatile(a) & 0xFFFFFFFFL,
              (m, a, v) -> m.putIntVolatile(a, (int) v)),
          new Access(
              "Float",
              Order.PLAIN,
              Float.BYTES,
              (m, a) -> Float.floatToRawIntBits(m.getFloat(a)) & 0xFFFFFFFFL,
              (m, a, v) -> m.putFloat(a, Float.intBitsToFloat((int) v))),
          new Access(
              "FloatOpaque",
              Order.OPAQUE,
              Float.BYTES,
              (m, a) -> Float.floatToRawIntBits(m.getFloatOpaque(a)) & 0xFFFFFFFFL,
              (m, a, v) -> m.putFloatOpaque(a, Float.intBitsToFloat((int) v))),
          new Access(
              "FloatAcquire",
              Order.ACQUIRE_RELEASE,
              Float.BYTES,
              (m, a) -> Float.floatToRawIntBits(m.getFloatAcquire(a)) & 0xFFFFFFFFL,
              (m, a, v) -> m.putFloatRelease(a, Float.intBitsToFloat((int) v))),
          new Access(
              "FloatVolatile",
              Order.VOLATILE,
              Float.BYTES,
              (m, a) -> Float.floatToRawIntBits(m.getFloatVolatile(a)) & 0xFFFFFFFFL,
              (m, a, v) -> m.putFloatVolatile(a, Float.intBitsToFloat((int) v))),
          new Access(
              "Long",
              Order.PLAIN,
              Long.BYTES,
              (m, a) -> m.getLong(a),
              (m, a, v) -> m.putLong(a, v)),
          new Access(
              "LongOpaque",
              Order.OPAQUE,
              Long.BYTES,
              (m, a) -> m.getLongOpaque(a),
              (m, a, v) -> m.putLongOpaque(a, v)),
          new Access(
              "LongAcquire",
              Order.ACQUIRE_RELEASE,
              Long.BYTES,
              (m, a) -> m.getLongAcquire(a),
              (m, a, v) -> m.putLongRelease(a, v)),
          new Access(
              "LongVolatile",
              Order.VOLATILE,
              Long.BYTES,
              (m, a) -> m.getLongVolatile(a),
              (m, a, v) -> m.putLongVolatile(a, v)),
          new Access(
              "Double",
              Order.PLAIN,
              Double.BYTES,
              (m, a) -> Double.doubleToRawLongBits(m.getDouble(a)),
              (m, a, v) -> m.putDouble(a, Double.longBitsToDouble(v))),
          new Access(
              "DoubleOpaque",
              Order.OPAQUE,
              Double.BYTES,
              (m, a) -> Double.doubleToRawLongBits(m.getDoubleOpaque(a)),
              (m, a, v) -> m.putDoubleOpaque(a, Double.longBitsToDouble(v))),
          new Access(
              "DoubleAcquire",
              Order.ACQUIRE_RELEASE,
              Double.BYTES,
              (m, a) -> Double.doubleToRawLongBits(m.getDoubleAcquire(a)),
              (m, a, v) -> m.putDoubleRelease(a, Double.longBitsToDouble(v))),
          new Access(
              "DoubleVolatile",
              Order.VOLATILE,
              Double.BYTES,
              (m, a) -> Double.doubleToRawLongBits(m.getDoubleVolatile(a)),
              (m, a, v) -> m.putDoubleVolatile(a, Double.longBitsToDouble(v))));

  static List<Access> of(Order... orders) {
    return ALL.stream().filter(access -> List.of(orders).contains(access.order)).toList();
  }

  @Override
  public String toString() {
    return name;
  }
}
