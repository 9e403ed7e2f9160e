package dev.rszshm.structures.struct;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Region;

/**
 * A field that is a slot: a managed reference to a struct, or a fixed array of them. See {@link
 * Field}, and {@link Slot} for what can be done with one.
 *
 * @param <S> the record that declares the struct
 * @param <T> the record that declares the struct it refers to
 */
public final class SlotField<S, T> extends Field<S> {
  SlotField(StructLayout<S> layout, StructField field) {
    super(layout, field);
  }

  /** Returns the slot of the struct at an offset in a region. */
  public Slot<T> of(Region region, long struct) {
    return new Slot<>(region.offset() + at(region, struct));
  }

  /** Returns the slot of a struct. */
  public Slot<T> of(Heap heap, Block<S> struct) {
    return of(heap, struct.required());
  }

  /** Returns a slot of an array. */
  public Slot<T> of(Region region, long struct, int index) {
    return new Slot<>(region.offset() + at(region, struct, index));
  }

  /** Returns a slot of an array. */
  public Slot<T> of(Heap heap, Block<S> struct, int index) {
    return of(heap, struct.required(), index);
  }
}
