package dev.rszshm.structures.struct;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Region;

/**
 * A field of type {@code double}, or a fixed array of them; see {@link Field}.
 *
 * @param <S> the record that declares the struct
 */
public final class DoubleField<S> extends Field<S> {
  DoubleField(StructLayout<S> layout, StructField field) {
    super(layout, field);
  }

  /** Returns the value. */
  public double get(Region region, long struct) {
    return region.getDouble(at(region, struct));
  }

  /** Returns the value. */
  public double get(Heap heap, Block<S> struct) {
    return get(heap, struct.required());
  }

  /** Returns an element of an array. */
  public double get(Region region, long struct, int index) {
    return region.getDouble(at(region, struct, index));
  }

  /** Returns an element of an array. */
  public double get(Heap heap, Block<S> struct, int index) {
    return get(heap, struct.required(), index);
  }

  /** Returns the value, or another if the struct was made by a program without this field. */
  public double getOrDefault(Region region, long struct, double other) {
    return isPresent(region, struct) ? get(region, struct) : other;
  }

  /** Returns the value, or another if the struct was made by a program without this field. */
  public double getOrDefault(Heap heap, Block<S> struct, double other) {
    return getOrDefault(heap, struct.required(), other);
  }

  /** Writes the value. */
  public void set(Region region, long struct, double value) {
    region.putDouble(at(region, struct), value);
  }

  /** Writes the value. */
  public void set(Heap heap, Block<S> struct, double value) {
    set(heap, struct.required(), value);
  }

  /** Writes an element of an array. */
  public void set(Region region, long struct, int index, double value) {
    region.putDouble(at(region, struct, index), value);
  }

  /** Writes an element of an array. */
  public void set(Heap heap, Block<S> struct, int index, double value) {
    set(heap, struct.required(), index, value);
  }
}
