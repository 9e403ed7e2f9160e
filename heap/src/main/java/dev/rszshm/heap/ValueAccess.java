package dev.rszshm.heap;

import dev.rszshm.heap.internal.map.Span;
import dev.rszshm.heap.spi.Platform;
import java.math.BigInteger;
import java.nio.ByteOrder;

/**
 * Values that need a conversion: unsigned numbers, either byte order, single bits.
 *
 * <p>Numbers are plain accesses; bits are changed atomically with volatile order.
 */
abstract sealed class ValueAccess extends AtomicAccess permits BulkAccess {
  ValueAccess(Platform platform, Span span, long origin, long lower, long upper) {
    super(platform, span, origin, lower, upper);
  }

  /** Returns a byte as a number from 0 to 255. */
  public final int getUnsignedByte(long offset) {
    return Byte.toUnsignedInt(getByte(offset));
  }

  /**
   * Writes a number from 0 to 255 as a byte.
   *
   * @throws IllegalArgumentException if it does not lie between these
   */
  public final void putUnsignedByte(long offset, int value) {
    putByte(offset, (byte) requireRange(value, 0xff));
  }

  /** Returns 16 bits as a number from 0 to 65,535. */
  public final int getUnsignedShort(long offset) {
    return Short.toUnsignedInt(getShort(offset));
  }

  /**
   * Writes a number from 0 to 65,535 as 16 bits.
   *
   * @throws IllegalArgumentException if it does not lie between these
   */
  public final void putUnsignedShort(long offset, int value) {
    putShort(offset, (short) requireRange(value, 0xffff));
  }

  /** Returns 32 bits as a number from 0 to 4,294,967,295. */
  public final long getUnsignedInt(long offset) {
    return Integer.toUnsignedLong(getInt(offset));
  }

  /**
   * Writes a number from 0 to 4,294,967,295 as 32 bits.
   *
   * @throws IllegalArgumentException if it does not lie between these
   */
  public final void putUnsignedInt(long offset, long value) {
    putInt(offset, (int) requireRange(value, 0xffff_ffffL));
  }

  /** Returns 64 bits as a number from 0 to 18,446,744,073,709,551,615. */
  public final BigInteger getUnsignedLong(long offset) {
    long bits = getLong(offset);
    BigInteger value = BigInteger.valueOf(bits & Long.MAX_VALUE);
    return bits < 0 ? value.setBit(Long.SIZE - 1) : value;
  }

  /**
   * Writes a number from 0 to 18,446,744,073,709,551,615 as 64 bits.
   *
   * @throws IllegalArgumentException if it does not lie between these
   */
  public final void putUnsignedLong(long offset, BigInteger value) {
    if (value.signum() < 0 || value.bitLength() > Long.SIZE) {
      throw new IllegalArgumentException(
          "value " + value + " does not fit: it must lie between 0 and 18446744073709551615");
    }
    putLong(offset, value.longValue());
  }

  private static long requireRange(long value, long max) {
    if (value < 0 || value > max) {
      throw new IllegalArgumentException(
          "value " + value + " does not fit: it must lie between 0 and " + max);
    }
    return value;
  }

  /** Returns 16 bits in a byte order. */
  public final short getShort(long offset, ByteOrder order) {
    short value = getShort(offset);
    return foreign(order) ? Short.reverseBytes(value) : value;
  }

  /** Writes 16 bits in a byte order. */
  public final void putShort(long offset, short value, ByteOrder order) {
    putShort(offset, foreign(order) ? Short.reverseBytes(value) : value);
  }

  /** Returns a character in a byte order. */
  public final char getChar(long offset, ByteOrder order) {
    char value = getChar(offset);
    return foreign(order) ? Character.reverseBytes(value) : value;
  }

  /** Writes a character in a byte order. */
  public final void putChar(long offset, char value, ByteOrder order) {
    putChar(offset, foreign(order) ? Character.reverseBytes(value) : value);
  }

  /** Returns 32 bits in a byte order. */
  public final int getInt(long offset, ByteOrder order) {
    int value = getInt(offset);
    return foreign(order) ? Integer.reverseBytes(value) : value;
  }

  /** Writes 32 bits in a byte order. */
  public final void putInt(long offset, int value, ByteOrder order) {
    putInt(offset, foreign(order) ? Integer.reverseBytes(value) : value);
  }

  /** Returns 64 bits in a byte order. */
  public final long getLong(long offset, ByteOrder order) {
    long value = getLong(offset);
    return foreign(order) ? Long.reverseBytes(value) : value;
  }

  /** Writes 64 bits in a byte order. */
  public final void putLong(long offset, long value, ByteOrder order) {
    putLong(offset, foreign(order) ? Long.reverseBytes(value) : value);
  }

  /** Returns 32 bits of floating point in a byte order. */
  public final float getFloat(long offset, ByteOrder order) {
    return Float.intBitsToFloat(getInt(offset, order));
  }

  /** Writes 32 bits of floating point in a byte order. */
  public final void putFloat(long offset, float value, ByteOrder order) {
    putInt(offset, Float.floatToRawIntBits(value), order);
  }

  /** Returns 64 bits of floating point in a byte order. */
  public final double getDouble(long offset, ByteOrder order) {
    return Double.longBitsToDouble(getLong(offset, order));
  }

  /** Writes 64 bits of floating point in a byte order. */
  public final void putDouble(long offset, double value, ByteOrder order) {
    putLong(offset, Double.doubleToRawLongBits(value), order);
  }

  private static boolean foreign(ByteOrder order) {
    return order != ByteOrder.nativeOrder();
  }

  /**
   * Returns one bit, read with volatile order.
   *
   * @param offset where the bits begin, a multiple of 4
   * @param bit index of the bit from there, 0 being the lowest bit of the first byte
   */
  public final boolean getBit(long offset, long bit) {
    return (getIntVolatile(wordOf(offset, bit)) & maskOf(bit)) != 0;
  }

  /**
   * Sets one bit to 1, and returns what it was. Other bits stay, also if they are changed
   * meanwhile.
   */
  public final boolean getAndSetBit(long offset, long bit) {
    return (getAndBitwiseOrInt(wordOf(offset, bit), maskOf(bit)) & maskOf(bit)) != 0;
  }

  /**
   * Sets one bit to 0, and returns what it was. Other bits stay, also if they are changed
   * meanwhile.
   */
  public final boolean getAndClearBit(long offset, long bit) {
    return (getAndBitwiseAndInt(wordOf(offset, bit), ~maskOf(bit)) & maskOf(bit)) != 0;
  }

  private static long wordOf(long offset, long bit) {
    if (bit < 0) {
      throw new IndexOutOfBoundsException("bit index " + bit + " is negative: bits count from 0");
    }
    return offset + (bit >>> 5 << 2);
  }

  private static int maskOf(long bit) {
    return 1 << bit;
  }
}
