package dev.rszshm.structures.struct;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Region;

/**
 * A field of type {@code float}, or a fixed array of them; see {@link Field}.
 *
 * @param <S> the record that declares the struct
 */
public final class FloatField<S> extends Field<S> {
  FloatField(StructLayout<S> layout, StructField field) {
    super(layout, field);
  }

  /** Returns the value. */
  public float get(Region region, long struct) {
    return region.getFloat(at(region, struct));
  }

  /** Returns the value. */
  public float get(Heap heap, Block<S> struct) {
    return get(heap, struct.required());
  }

  /** Returns an element of an array. */
  public float get(Region region, long struct, int index) {
    return region.getFloat(at(region, struct, index));
  }

  /** Returns an element of an array. */
  public float get(Heap heap, Block<S> struct, int index) {
    return get(heap, struct.required(), index);
  }

  /** Returns the value, or another if the struct was made by a program without this field. */
  public float getOrDefault(Region region, long struct, float other) {
    return isPresent(region, struct) ? get(region, struct) : other;
  }

  /** Returns the value, or another if the struct was made by a program without this field. */
  public float getOrDefault(Heap heap, Block<S> struct, float other) {
    return getOrDefault(heap, struct.required(), other);
  }

  /** Writes the value. */
  public void set(Region region, long struct, float value) {
    region.putFloat(at(region, struct), value);
  }

  /** Writes the value. */
  public void set(Heap heap, Block<S> struct, float value) {
    set(heap, struct.required(), value);
  }

  /** Writes an element of an array. */
  public void set(Region region, long struct, int index, float value) {
    region.putFloat(at(region, struct, index), value);
  }

  /** Writes an element of an array. */
  public void set(Heap heap, Block<S> struct, int index, float value) {
    set(heap, struct.required(), index, value);
  }
}
