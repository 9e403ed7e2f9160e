package dev.rszshm.structures.struct;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Region;

/**
 * A field of type {@code short}, or a fixed array of them; see {@link Field}.
 *
 * @param <S> the record that declares the struct
 */
public final class ShortField<S> extends Field<S> {
  ShortField(StructLayout<S> layout, StructField field) {
    super(layout, field);
  }

  /** Returns the value. */
  public short get(Region region, long struct) {
    return region.getShort(at(region, struct));
  }

  /** Returns the value. */
  public short get(Heap heap, Block<S> struct) {
    return get(heap, struct.required());
  }

  /** Returns an element of an array. */
  public short get(Region region, long struct, int index) {
    return region.getShort(at(region, struct, index));
  }

  /** Returns an element of an array. */
  public short get(Heap heap, Block<S> struct, int index) {
    return get(heap, struct.required(), index);
  }

  /** Returns the value, or another if the struct was made by a program without this field. */
  public short getOrDefault(Region region, long struct, short other) {
    return isPresent(region, struct) ? get(region, struct) : other;
  }

  /** Returns the value, or another if the struct was made by a program without this field. */
  public short getOrDefault(Heap heap, Block<S> struct, short other) {
    return getOrDefault(heap, struct.required(), other);
  }

  /** Writes the value. */
  public void set(Region region, long struct, short value) {
    region.putShort(at(region, struct), value);
  }

  /** Writes the value. */
  public void set(Heap heap, Block<S> struct, short value) {
    set(heap, struct.required(), value);
  }

  /** Writes an element of an array. */
  public void set(Region region, long struct, int index, short value) {
    region.putShort(at(region, struct, index), value);
  }

  /** Writes an element of an array. */
  public void set(Heap heap, Block<S> struct, int index, short value) {
    set(heap, struct.required(), index, value);
  }
}
