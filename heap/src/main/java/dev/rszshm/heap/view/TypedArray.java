package dev.rszshm.heap.view;

import dev.rszshm.heap.Region;
import dev.rszshm.heap.internal.place.Places;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * An array in a heap, with a fixed number of elements of one type, shared by all who use the same
 * offset. It holds nothing itself: the elements are in the heap, and only there.
 *
 * <p>Any number of threads and processes may use it; elements are plain values, whole but without
 * order. If the process dies in {@link #set}, the element is the old one or the new one.
 *
 * @param <T> the Java type of an element
 */
public final class TypedArray<T> implements Iterable<T> {
  private final ElementType<T> type;
  private final Region region;
  private final long size;

  private TypedArray(ElementType<T> type, Region region, long size) {
    this.type = type;
    this.region = region;
    this.size = size;
  }

  /**
   * Returns the array at an offset.
   *
   * @param size number of elements
   * @throws IndexOutOfBoundsException if it does not lie within the region
   * @throws IllegalArgumentException if the size is negative, or more than any region has room for
   */
  public static <T> TypedArray<T> at(Region region, long offset, ElementType<T> type, long size) {
    Places.note(region, TypedArray.class, offset, type.length(size));
    return new TypedArray<>(type, region.region(offset, type.length(size)), size);
  }

  /** Returns the number of elements. */
  public long size() {
    return size;
  }

  /** Returns the type of the elements. */
  public ElementType<T> type() {
    return type;
  }

  /**
   * Returns an element.
   *
   * @throws IndexOutOfBoundsException if there is no element of this index
   */
  public T get(long index) {
    return type.get(region, offsetOf(index));
  }

  /**
   * Writes an element.
   *
   * @throws IndexOutOfBoundsException if there is no element of this index
   * @throws IllegalArgumentException if the type cannot hold the value
   */
  public void set(long index, T value) {
    type.put(region, offsetOf(index), value);
  }

  private long offsetOf(long index) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException(
          "index " + index + " out of bounds for an array of " + size + " elements");
    }
    return index * type.length();
  }

  /** Returns an iterator over the elements in order, which reads each when it is asked for. */
  @Override
  public Iterator<T> iterator() {
    return new Iterator<>() {
      private long next;

      @Override
      public boolean hasNext() {
        return next < size;
      }

      @Override
      public T next() {
        if (!hasNext()) {
          throw new NoSuchElementException("the array has " + size + " elements");
        }
        return get(next++);
      }
    };
  }

  /** Returns the elements in order, each read when it is asked for. */
  public Stream<T> stream() {
    return StreamSupport.stream(
        Spliterators.spliterator(iterator(), size, Spliterator.ORDERED), false);
  }
}
