package dev.rszshm.structures.struct;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Region;

/**
 * A field of type {@code byte}, or a fixed array of them; see {@link Field}.
 *
 * @param <S> the record that declares the struct
 */
public final class ByteField<S> extends Field<S> {
  ByteField(StructLayout<S> layout, StructField field) {
    super(layout, field);
  }

  /** Returns the value. */
  public byte get(Region region, long struct) {
    return region.getByte(at(region, struct));
  }

  /** Returns the value. */
  public byte get(Heap heap, Block<S> struct) {
    return get(heap, struct.required());
  }

  /** Returns an element of an array. */
  public byte get(Region region, long struct, int index) {
    return region.getByte(at(region, struct, index));
  }

  /** Returns an element of an array. */
  public byte get(Heap heap, Block<S> struct, int index) {
    return get(heap, struct.required(), index);
  }

  /** Returns the value, or another if the struct was made by a program without this field. */
  public byte getOrDefault(Region region, long struct, byte other) {
    return isPresent(region, struct) ? get(region, struct) : other;
  }

  /** Returns the value, or another if the struct was made by a program without this field. */
  public byte getOrDefault(Heap heap, Block<S> struct, byte other) {
    return getOrDefault(heap, struct.required(), other);
  }

  /** Writes the value. */
  public void set(Region region, long struct, byte value) {
    region.putByte(at(region, struct), value);
  }

  /** Writes the value. */
  public void set(Heap heap, Block<S> struct, byte value) {
    set(heap, struct.required(), value);
  }

  /** Writes an element of an array. */
  public void set(Region region, long struct, int index, byte value) {
    region.putByte(at(region, struct, index), value);
  }

  /** Writes an element of an array. */
  public void set(Heap heap, Block<S> struct, int index, byte value) {
    set(heap, struct.required(), index, value);
  }
}
