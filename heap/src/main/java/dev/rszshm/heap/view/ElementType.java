package dev.rszshm.heap.view;

import dev.rszshm.heap.Region;
import java.math.BigInteger;

/**
 * The type of the elements of a {@link TypedArray}. All are little-endian, and are read and written
 * as plain values.
 *
 * @param <T> the Java type of an element
 */
public final class ElementType<T> {
  /** 8 bits with a sign. */
  public static final ElementType<Byte> INT8 =
      new ElementType<>("int8", 1, Region::getByte, Region::putByte);

  /** 8 bits without a sign: 0 to 255. */
  public static final ElementType<Integer> UINT8 =
      new ElementType<>("uint8", 1, Region::getUnsignedByte, Region::putUnsignedByte);

  /** 16 bits with a sign. */
  public static final ElementType<Short> INT16 =
      new ElementType<>("int16", 2, Region::getShort, Region::putShort);

  /** 16 bits without a sign: 0 to 65,535. */
  public static final ElementType<Integer> UINT16 =
      new ElementType<>("uint16", 2, Region::getUnsignedShort, Region::putUnsignedShort);

  /** 32 bits with a sign. */
  public static final ElementType<Integer> INT32 =
      new ElementType<>("int32", 4, Region::getInt, Region::putInt);

  /** 32 bits without a sign: 0 to 4,294,967,295. */
  public static final ElementType<Long> UINT32 =
      new ElementType<>("uint32", 4, Region::getUnsignedInt, Region::putUnsignedInt);

  /** 64 bits with a sign. */
  public static final ElementType<Long> INT64 =
      new ElementType<>("int64", 8, Region::getLong, Region::putLong);

  /** 64 bits without a sign: 0 to 18,446,744,073,709,551,615. */
  public static final ElementType<BigInteger> UINT64 =
      new ElementType<>("uint64", 8, Region::getUnsignedLong, Region::putUnsignedLong);

  /** 32 bits of floating point. */
  public static final ElementType<Float> FLOAT32 =
      new ElementType<>("float32", 4, Region::getFloat, Region::putFloat);

  /** 64 bits of floating point. */
  public static final ElementType<Double> FLOAT64 =
      new ElementType<>("float64", 8, Region::getDouble, Region::putDouble);

  private final String name;
  private final int length;
  private final Getter<T> getter;
  private final Putter<T> putter;

  private ElementType(String name, int length, Getter<T> getter, Putter<T> putter) {
    this.name = name;
    this.length = length;
    this.getter = getter;
    this.putter = putter;
  }

  /** Returns the length of an element in bytes. */
  public int length() {
    return length;
  }

  /**
   * Returns the length of so many elements in bytes, for whoever makes room for them.
   *
   * @throws IllegalArgumentException if the number is negative, or they have 2^63 bytes or more
   */
  public long length(long size) {
    if (size < 0 || size > Long.MAX_VALUE / length) {
      throw new IllegalArgumentException(
          "there cannot be " + size + " elements of " + length + " bytes");
    }
    return size * length;
  }

  /** Returns the element at an offset, as a plain value; see {@link Region} for what is thrown. */
  public T get(Region region, long offset) {
    return getter.get(region, offset);
  }

  /**
   * Writes the element at an offset, as a plain value; see {@link Region} for what is thrown.
   *
   * @throws IllegalArgumentException if the type cannot hold the value
   */
  public void put(Region region, long offset, T value) {
    putter.put(region, offset, value);
  }

  @Override
  public String toString() {
    return name;
  }

  private interface Getter<T> {
    T get(Region region, long offset);
  }

  private interface Putter<T> {
    void put(Region region, long offset, T value);
  }
}
