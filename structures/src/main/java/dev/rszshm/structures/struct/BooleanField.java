package dev.rszshm.structures.struct;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Region;

/**
 * A field of type {@code boolean}, or a fixed array of them; see {@link Field}.
 *
 * @param <S> the record that declares the struct
 */
public final class BooleanField<S> extends Field<S> {
  BooleanField(StructLayout<S> layout, StructField field) {
    super(layout, field);
  }

  /** Returns the value. */
  public boolean get(Region region, long struct) {
    return region.getByte(at(region, struct)) != 0;
  }

  /** Returns the value. */
  public boolean get(Heap heap, Block<S> struct) {
    return get(heap, struct.required());
  }

  /** Returns an element of an array. */
  public boolean get(Region region, long struct, int index) {
    return region.getByte(at(region, struct, index)) != 0;
  }

  /** Returns an element of an array. */
  public boolean get(Heap heap, Block<S> struct, int index) {
    return get(heap, struct.required(), index);
  }

  /** Returns the value, or another if the struct was made by a program without this field. */
  public boolean getOrDefault(Region region, long struct, boolean other) {
    return isPresent(region, struct) ? get(region, struct) : other;
  }

  /** Returns the value, or another if the struct was made by a program without this field. */
  public boolean getOrDefault(Heap heap, Block<S> struct, boolean other) {
    return getOrDefault(heap, struct.required(), other);
  }

  /** Writes the value. */
  public void set(Region region, long struct, boolean value) {
    region.putByte(at(region, struct), (byte) (value ? 1 : 0));
  }

  /** Writes the value. */
  public void set(Heap heap, Block<S> struct, boolean value) {
    set(heap, struct.required(), value);
  }

  /** Writes an element of an array. */
  public void set(Region region, long struct, int index, boolean value) {
    region.putByte(at(region, struct, index), (byte) (value ? 1 : 0));
  }

  /** Writes an element of an array. */
  public void set(Heap heap, Block<S> struct, int index, boolean value) {
    set(heap, struct.required(), index, value);
  }
}
