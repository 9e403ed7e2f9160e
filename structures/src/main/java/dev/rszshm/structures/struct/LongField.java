package dev.rszshm.structures.struct;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Region;

/**
 * A field of type {@code long}, or a fixed array of them; see {@link Field}.
 *
 * @param <S> the record that declares the struct
 */
public final class LongField<S> extends Field<S> {
  LongField(StructLayout<S> layout, StructField field) {
    super(layout, field);
  }

  /** Returns the value. */
  public long get(Region region, long struct) {
    return region.getLong(at(region, struct));
  }

  /** Returns the value. */
  public long get(Heap heap, Block<S> struct) {
    return get(heap, struct.required());
  }

  /** Returns an element of an array. */
  public long get(Region region, long struct, int index) {
    return region.getLong(at(region, struct, index));
  }

  /** Returns an element of an array. */
  public long get(Heap heap, Block<S> struct, int index) {
    return get(heap, struct.required(), index);
  }

  /** Returns the value, or another if the struct was made by a program without this field. */
  public long getOrDefault(Region region, long struct, long other) {
    return isPresent(region, struct) ? get(region, struct) : other;
  }

  /** Returns the value, or another if the struct was made by a program without this field. */
  public long getOrDefault(Heap heap, Block<S> struct, long other) {
    return getOrDefault(heap, struct.required(), other);
  }

  /** Writes the value. */
  public void set(Region region, long struct, long value) {
    region.putLong(at(region, struct), value);
  }

  /** Writes the value. */
  public void set(Heap heap, Block<S> struct, long value) {
    set(heap, struct.required(), value);
  }

  /** Writes an element of an array. */
  public void set(Region region, long struct, int index, long value) {
    region.putLong(at(region, struct, index), value);
  }

  /** Writes an element of an array. */
  public void set(Heap heap, Block<S> struct, int index, long value) {
    set(heap, struct.required(), index, value);
  }

  /** Returns the value, with acquire order. */
  public long getAcquire(Region region, long struct) {
    return region.getLongAcquire(at(region, struct));
  }

  /** Returns the value, with acquire order. */
  public long getAcquire(Heap heap, Block<S> struct) {
    return getAcquire(heap, struct.required());
  }

  /** Writes the value, with release order. */
  public void setRelease(Region region, long struct, long value) {
    region.putLongRelease(at(region, struct), value);
  }

  /** Writes the value, with release order. */
  public void setRelease(Heap heap, Block<S> struct, long value) {
    setRelease(heap, struct.required(), value);
  }

  /** Returns the value, with volatile order. */
  public long getVolatile(Region region, long struct) {
    return region.getLongVolatile(at(region, struct));
  }

  /** Returns the value, with volatile order. */
  public long getVolatile(Heap heap, Block<S> struct) {
    return getVolatile(heap, struct.required());
  }

  /** Writes the value, with volatile order. */
  public void setVolatile(Region region, long struct, long value) {
    region.putLongVolatile(at(region, struct), value);
  }

  /** Writes the value, with volatile order. */
  public void setVolatile(Heap heap, Block<S> struct, long value) {
    setVolatile(heap, struct.required(), value);
  }

  /** Writes the value if it is the expected one, and returns whether it was. Volatile order. */
  public boolean compareAndSet(Region region, long struct, long expected, long value) {
    return region.compareAndSetLong(at(region, struct), expected, value);
  }

  /** Writes the value if it is the expected one, and returns whether it was. Volatile order. */
  public boolean compareAndSet(Heap heap, Block<S> struct, long expected, long value) {
    return compareAndSet(heap, struct.required(), expected, value);
  }

  /** Writes the value if it is the expected one, and returns what it was. Volatile order. */
  public long compareAndExchange(Region region, long struct, long expected, long value) {
    return region.compareAndExchangeLong(at(region, struct), expected, value);
  }

  /** Writes the value if it is the expected one, and returns what it was. Volatile order. */
  public long compareAndExchange(Heap heap, Block<S> struct, long expected, long value) {
    return compareAndExchange(heap, struct.required(), expected, value);
  }

  /** Adds to the value, and returns what it was. Volatile order; overflow wraps around. */
  public long getAndAdd(Region region, long struct, long delta) {
    return region.getAndAddLong(at(region, struct), delta);
  }

  /** Adds to the value, and returns what it was. Volatile order; overflow wraps around. */
  public long getAndAdd(Heap heap, Block<S> struct, long delta) {
    return getAndAdd(heap, struct.required(), delta);
  }

  /** Writes the value, and returns what it was. Volatile order. */
  public long getAndSet(Region region, long struct, long value) {
    return region.getAndSetLong(at(region, struct), value);
  }

  /** Writes the value, and returns what it was. Volatile order. */
  public long getAndSet(Heap heap, Block<S> struct, long value) {
    return getAndSet(heap, struct.required(), value);
  }
}
