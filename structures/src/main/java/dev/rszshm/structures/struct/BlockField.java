package dev.rszshm.structures.struct;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Region;

/**
 * A field with the offset of a struct, or a fixed array of them. Nobody manages what it refers to:
 * whoever frees a struct must know that no field refers to it any more. See {@link Field}.
 *
 * @param <S> the record that declares the struct
 * @param <T> the record that declares the struct it refers to
 */
public final class BlockField<S, T> extends Field<S> {
  BlockField(StructLayout<S> layout, StructField field) {
    super(layout, field);
  }

  /** Returns the struct it refers to, or {@link Block#none}. */
  public Block<T> get(Region region, long struct) {
    return new Block<>(region.getLong(at(region, struct)));
  }

  /** Returns the struct it refers to, or {@link Block#none}. */
  public Block<T> get(Heap heap, Block<S> struct) {
    return get(heap, struct.required());
  }

  /** Returns the struct to which an element refers. */
  public Block<T> get(Region region, long struct, int index) {
    return new Block<>(region.getLong(at(region, struct, index)));
  }

  /** Returns the struct to which an element refers. */
  public Block<T> get(Heap heap, Block<S> struct, int index) {
    return get(heap, struct.required(), index);
  }

  /** Writes the reference. */
  public void set(Region region, long struct, Block<T> block) {
    region.putLong(at(region, struct), block.offset());
  }

  /** Writes the reference. */
  public void set(Heap heap, Block<S> struct, Block<T> block) {
    set(heap, struct.required(), block);
  }

  /** Writes an element. */
  public void set(Region region, long struct, int index, Block<T> block) {
    region.putLong(at(region, struct, index), block.offset());
  }

  /** Writes an element. */
  public void set(Heap heap, Block<S> struct, int index, Block<T> block) {
    set(heap, struct.required(), index, block);
  }

  /** Returns the struct it refers to, with acquire order. */
  public Block<T> getAcquire(Region region, long struct) {
    return new Block<>(region.getLongAcquire(at(region, struct)));
  }

  /** Returns the struct it refers to, with acquire order. */
  public Block<T> getAcquire(Heap heap, Block<S> struct) {
    return getAcquire(heap, struct.required());
  }

  /**
   * Writes the reference, with release order: whoever reads it with acquire order sees the struct
   * as it was.
   */
  public void setRelease(Region region, long struct, Block<T> block) {
    region.putLongRelease(at(region, struct), block.offset());
  }

  /**
   * Writes the reference, with release order: whoever reads it with acquire order sees the struct
   * as it was.
   */
  public void setRelease(Heap heap, Block<S> struct, Block<T> block) {
    setRelease(heap, struct.required(), block);
  }

  /** Writes the reference if it is the expected one, and returns whether it was. Volatile order. */
  public boolean compareAndSet(Region region, long struct, Block<T> expected, Block<T> block) {
    return region.compareAndSetLong(at(region, struct), expected.offset(), block.offset());
  }

  /** Writes the reference if it is the expected one, and returns whether it was. Volatile order. */
  public boolean compareAndSet(Heap heap, Block<S> struct, Block<T> expected, Block<T> block) {
    return compareAndSet(heap, struct.required(), expected, block);
  }
}
