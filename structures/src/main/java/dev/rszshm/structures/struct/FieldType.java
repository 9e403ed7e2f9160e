package dev.rszshm.structures.struct;

import dev.rszshm.heap.Region;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The type of a field, or of the elements of a fixed array. All are little-endian. */
public enum FieldType {
  /** One byte, 0 or 1; {@code boolean}. */
  BOOL("bool", 1, boolean.class, "bool", (r, at) -> r.getByte(at) != 0, FieldType::putBoolean),
  /** 8 bits with a sign; {@code byte}. */
  INT8("int8", 1, byte.class, "int8_t", Region::getByte, (r, at, v) -> r.putByte(at, (byte) v)),
  /** 16 bits with a sign; {@code short}. */
  INT16(
      "int16",
      2,
      short.class,
      "int16_t",
      Region::getShort,
      (r, at, v) -> r.putShort(at, (short) v)),
  /** A unit of UTF-16; {@code char}. */
  UINT16(
      "uint16",
      2,
      char.class,
      "uint16_t",
      (r, at) -> (char) r.getShort(at),
      (r, at, v) -> r.putShort(at, (short) (char) v)),
  /** 32 bits with a sign; {@code int}. */
  INT32("int32", 4, int.class, "int32_t", Region::getInt, (r, at, v) -> r.putInt(at, (int) v)),
  /** 64 bits with a sign; {@code long}. */
  INT64("int64", 8, long.class, "int64_t", Region::getLong, (r, at, v) -> r.putLong(at, (long) v)),
  /** 32 bits of floating point; {@code float}. */
  FLOAT32(
      "float32",
      4,
      float.class,
      "float",
      Region::getFloat,
      (r, at, v) -> r.putFloat(at, (float) v)),
  /** 64 bits of floating point; {@code double}. */
  FLOAT64(
      "float64",
      8,
      double.class,
      "double",
      Region::getDouble,
      (r, at, v) -> r.putDouble(at, (double) v)),
  /** A byte of a text in UTF-8, which ends at the first byte of 0; {@code String}. */
  UTF8("utf8", 1, byte.class, "char", Region::getByte, (r, at, v) -> r.putByte(at, (byte) v)),
  /** A slot of the allocator: a managed reference, which is changed by its methods only. */
  SLOT("slot", 8, Slot.class, "uint64_t", (r, at) -> new Slot<>(r.offset() + at), FieldType::keep),
  /** The offset of a block, as a number that nobody manages; 0 for none. */
  BLOCK(
      "block",
      8,
      Block.class,
      "uint64_t",
      (r, at) -> new Block<>(r.getLong(at)),
      FieldType::putBlock);

  private final String text;
  private final int length;
  private final Class<?> javaType;
  private final String typeInC;
  private final Getter getter;
  private final Putter putter;

  FieldType(
      String text, int length, Class<?> javaType, String typeInC, Getter getter, Putter putter) {
    this.text = text;
    this.length = length;
    this.javaType = javaType;
    this.typeInC = typeInC;
    this.getter = getter;
    this.putter = putter;
  }

  private interface Getter {
    Object get(Region region, long offset);
  }

  private interface Putter {
    void put(Region region, long offset, Object value);
  }

  private static void putBoolean(Region region, long offset, Object value) {
    region.putByte(offset, (byte) ((boolean) value ? 1 : 0));
  }

  private static void putBlock(Region region, long offset, Object value) {
    region.putLong(offset, ((Block<?>) value).offset());
  }

  /** What a slot refers to is changed by the methods of {@link Slot} only. */
  @SuppressWarnings("UnusedVariable")
  private static void keep(Region region, long offset, Object value) {}

  /** Returns the length of an element in bytes, of which its offset is a multiple too. */
  public int length() {
    return length;
  }

  /** Returns the type of a value in Java. */
  Class<?> javaType() {
    return javaType;
  }

  /** Returns how the type is called in C. */
  String typeInC() {
    return typeInC;
  }

  /** Whether it refers to a struct. */
  boolean isReference() {
    return this == SLOT || this == BLOCK;
  }

  Object get(Region region, long offset) {
    return getter.get(region, offset);
  }

  void put(Region region, long offset, Object value) {
    putter.put(region, offset, value);
  }

  /** Returns the type whose values are of a class in Java; null if there is none. */
  static @Nullable FieldType of(Class<?> javaType) {
    for (FieldType type : values()) {
      if (type.javaType == javaType) {
        return type;
      }
    }
    return null;
  }

  /** Returns the type of a name, as {@link #toString} gives it. */
  static Optional<FieldType> named(String text) {
    return Stream.of(values()).filter(type -> type.text.equals(text)).findFirst();
  }

  /** Returns the name of the type, as it is stored and in messages. */
  @Override
  public String toString() {
    return text;
  }
}
