package dev.rszshm.structures.struct;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Region;

/**
 * A field of type {@code char}, or a fixed array of them; see {@link Field}.
 *
 * @param <S> the record that declares the struct
 */
public final class CharField<S> extends Field<S> {
  CharField(StructLayout<S> layout, StructField field) {
    super(layout, field);
  }

  /** Returns the value. */
  public char get(Region region, long struct) {
    return (char) region.getShort(at(region, struct));
  }

  /** Returns the value. */
  public char get(Heap heap, Block<S> struct) {
    return get(heap, struct.required());
  }

  /** Returns an element of an array. */
  public char get(Region region, long struct, int index) {
    return (char) region.getShort(at(region, struct, index));
  }

  /** Returns an element of an array. */
  public char get(Heap heap, Block<S> struct, int index) {
    return get(heap, struct.required(), index);
  }

  /** Returns the value, or another if the struct was made by a program without this field. */
  public char getOrDefault(Region region, long struct, char other) {
    return isPresent(region, struct) ? get(region, struct) : other;
  }

  /** Returns the value, or another if the struct was made by a program without this field. */
  public char getOrDefault(Heap heap, Block<S> struct, char other) {
    return getOrDefault(heap, struct.required(), other);
  }

  /** Writes the value. */
  public void set(Region region, long struct, char value) {
    region.putShort(at(region, struct), (short) value);
  }

  /** Writes the value. */
  public void set(Heap heap, Block<S> struct, char value) {
    set(heap, struct.required(), value);
  }

  /** Writes an element of an array. */
  public void set(Region region, long struct, int index, char value) {
    region.putShort(at(region, struct, index), (short) value);
  }

  /** Writes an element of an array. */
  public void set(Heap heap, Block<S> struct, int index, char value) {
    set(heap, struct.required(), index, value);
  }
}
