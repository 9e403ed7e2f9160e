package dev.rszshm.structures.struct;

/**
 * What a layout says of a field.
 *
 * @param name its name; that of a field in a nested struct has a dot, as {@code price.units}
 * @param type the type of its value, or of its elements
 * @param target the name of the struct it refers to; empty if it is no reference
 * @param isArray whether it is a fixed array
 * @param count the number of elements; 1 if it is no array. The bytes of a text
 * @param offset where it begins, from the beginning of the struct
 * @param since the version of the layout in which it was added
 */
public record StructField(
    String name,
    FieldType type,
    String target,
    boolean isArray,
    int count,
    long offset,
    int since) {
  /** Returns the length in bytes, of all elements. */
  public long length() {
    return (long) type.length() * count;
  }

  /** Returns the offset behind its last byte. */
  public long end() {
    return offset + length();
  }

  /** Returns type and place, as they are stored: {@code int64[8] offset 16}. */
  String description() {
    return type
        + (type.isReference() ? "<" + target + ">" : "")
        + (isArray ? "[" + count + "]" : "")
        + " offset "
        + offset;
  }

  @Override
  public String toString() {
    return name + " " + description();
  }
}
