package dev.rszshm.structures.struct;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Region;

/**
 * A field of type {@code int}, or a fixed array of them; see {@link Field}.
 *
 * @param <S> the record that declares the struct
 */
public final class IntField<S> extends Field<S> {
  IntField(StructLayout<S> layout, StructField field) {
    super(layout, field);
  }

  /** Returns the value. */
  public int get(Region region, long struct) {
    return region.getInt(at(region, struct));
  }

  /** Returns the value. */
  public int get(Heap heap, Block<S> struct) {
    return get(heap, struct.required());
  }

  /** Returns an element of an array. */
  public int get(Region region, long struct, int index) {
    return region.getInt(at(region, struct, index));
  }

  /** Returns an element of an array. */
  public int get(Heap heap, Block<S> struct, int index) {
    return get(heap, struct.required(), index);
  }

  /** Returns the value, or another if the struct was made by a program without this field. */
  public int getOrDefault(Region region, long struct, int other) {
    return isPresent(region, struct) ? get(region, struct) : other;
  }

  /** Returns the value, or another if the struct was made by a program without this field. */
  public int getOrDefault(Heap heap, Block<S> struct, int other) {
    return getOrDefault(heap, struct.required(), other);
  }

  /** Writes the value. */
  public void set(Region region, long struct, int value) {
    region.putInt(at(region, struct), value);
  }

  /** Writes the value. */
  public void set(Heap heap, Block<S> struct, int value) {
    set(heap, struct.required(), value);
  }

  /** Writes an element of an array. */
  public void set(Region region, long struct, int index, int value) {
    region.putInt(at(region, struct, index), value);
  }

  /** Writes an element of an array. */
  public void set(Heap heap, Block<S> struct, int index, int value) {
    set(heap, struct.required(), index, value);
  }

  /** Returns the value, with acquire order. */
  public int getAcquire(Region region, long struct) {
    return region.getIntAcquire(at(region, struct));
  }

  /** Returns the value, with acquire order. */
  public int getAcquire(Heap heap, Block<S> struct) {
    return getAcquire(heap, struct.required());
  }

  /** Writes the value, with release order. */
  public void setRelease(Region region, long struct, int value) {
    region.putIntRelease(at(region, struct), value);
  }

  /** Writes the value, with release order. */
  public void setRelease(Heap heap, Block<S> struct, int value) {
    setRelease(heap, struct.required(), value);
  }

  /** Returns the value, with volatile order. */
  public int getVolatile(Region region, long struct) {
    return region.getIntVolatile(at(region, struct));
  }

  /** Returns the value, with volatile order. */
  public int getVolatile(Heap heap, Block<S> struct) {
    return getVolatile(heap, struct.required());
  }

  /** Writes the value, with volatile order. */
  public void setVolatile(Region region, long struct, int value) {
    region.putIntVolatile(at(region, struct), value);
  }

  /** Writes the value, with volatile order. */
  public void setVolatile(Heap heap, Block<S> struct, int value) {
    setVolatile(heap, struct.required(), value);
  }

  /** Writes the value if it is the expected one, and returns whether it was. Volatile order. */
  public boolean compareAndSet(Region region, long struct, int expected, int value) {
    return region.compareAndSetInt(at(region, struct), expected, value);
  }

  /** Writes the value if it is the expected one, and returns whether it was. Volatile order. */
  public boolean compareAndSet(Heap heap, Block<S> struct, int expected, int value) {
    return compareAndSet(heap, struct.required(), expected, value);
  }

  /** Writes the value if it is the expected one, and returns what it was. Volatile order. */
  public int compareAndExchange(Region region, long struct, int expected, int value) {
    return region.compareAndExchangeInt(at(region, struct), expected, value);
  }

  /** Writes the value if it is the expected one, and returns what it was. Volatile order. */
  public int compareAndExchange(Heap heap, Block<S> struct, int expected, int value) {
    return compareAndExchange(heap, struct.required(), expected, value);
  }

  /** Adds to the value, and returns what it was. Volatile order; overflow wraps around. */
  public int getAndAdd(Region region, long struct, int delta) {
    return region.getAndAddInt(at(region, struct), delta);
  }

  /** Adds to the value, and returns what it was. Volatile order; overflow wraps around. */
  public int getAndAdd(Heap heap, Block<S> struct, int delta) {
    return getAndAdd(heap, struct.required(), delta);
  }

  /** Writes the value, and returns what it was. Volatile order. */
  public int getAndSet(Region region, long struct, int value) {
    return region.getAndSetInt(at(region, struct), value);
  }

  /** Writes the value, and returns what it was. Volatile order. */
  public int getAndSet(Heap heap, Block<S> struct, int value) {
    return getAndSet(heap, struct.required(), value);
  }
}
