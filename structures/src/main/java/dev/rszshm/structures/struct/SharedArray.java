package dev.rszshm.structures.struct;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.RootEntry;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.view.ElementType;
import dev.rszshm.structures.struct.errors.DamagedArrayException;
import dev.rszshm.structures.struct.errors.LayoutMismatchException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;

/*
 * Many structs or numbers, which never move.
 *
 * Layout
 * ------
 * SharedArrayLayout: a head with the slots of up to 40 segments, each as large as all before it. So an index says by
 * its highest bit in which segment the element is, and nothing is copied when the array grows.
 *
 * Protocol
 * --------
 * 1 and 2, the making: see ArrayMaking.
 * ensure(count):
 *  3 for each segment that has an element below count, the first one first, if its slot is empty: a block of zeros
 *    is allocated into the slot, with the headers of the elements if they have some. Of several who do that at once
 *    one gets it, and the others find it there;
 *  4 size from what it was to count, by compare-and-set, unless it is as large already.
 * An element below the size that somebody has read with acquire order is in a segment that is in its slot.
 * removing:
 *  5 size 0; 6 each segment is freed from its slot, the last one first; 7 the root is removed.
 *
 * If a process dies here
 * ----------------------
 * 3: the segment is in its slot or was not allocated. 4: it is one store; before it, a segment is there whose
 * elements are not, and the next ensure finds it. 5 and 6: an array of no elements, with some segments, which can
 * be removed again, or grows again. 7: as the allocator says, the root is there or not.
 */

/**
 * An array in a heap, of structs or of numbers, which grows and is shared by all processes.
 *
 * <pre>{@code
 * SharedArray<Integer> numbers = SharedArray.named(allocator, "numbers", ElementType.INT32, 100);
 * numbers.set(99, 7);
 * numbers.ensure(1_000_000);
 *
 * SharedArray<Order> orders = SharedArray.named(allocator, "orders", Order.LAYOUT, 10);
 * Order.PRICE.getAndAdd(heap, orders.at(9), 5);
 * }</pre>
 *
 * <p>Elements never move: their offset stays the same while the array grows, and no one waits for
 * whoever makes it grow. New elements are zero. {@link #get} and {@link #set} read and write plain
 * values; with {@link #at} and {@link #offset} each access of a {@link Field} or of the heap can be
 * had, and no object is made. Any number of threads and processes may use it.
 *
 * <p>If the process dies in {@link #ensure}, the array has grown or not, and no memory is lost.
 *
 * @param <T> the type of an element: a record that declares a struct, or a boxed number
 */
public final class SharedArray<T> implements Iterable<T> {
  /** The type of a root that is an array. */
  public static final long ROOT_TYPE = SharedArrayLayout.MAGIC_VALUE;

  /** The length in bytes of what is at the offset of an array. */
  public static final int LENGTH = SharedArrayLayout.LENGTH;

  private final Allocator allocator;
  private final Heap heap;
  private final long offset;
  private final Elements<T> elements;
  private final long elementLength;
  private final int first;

  /** Where segments are, 0 if this object has not looked yet: they never move. */
  private final AtomicLongArray segments = new AtomicLongArray(SharedArrayLayout.SEGMENT_COUNT);

  SharedArray(Allocator allocator, long offset, Elements<T> elements, int first) {
    this.allocator = allocator;
    this.heap = allocator.heap();
    this.offset = offset;
    this.elements = elements;
    this.elementLength = elements.length();
    this.first = first;
  }

  /**
   * Returns the array of numbers with a name, and makes it if there is none.
   *
   * @param count the least number of elements that it has then
   * @throws LayoutMismatchException if it has elements of another type
   * @throws DamagedArrayException if the name belongs to no sound array
   * @throws dev.rszshm.allocator.errors.RootMismatchException if the name belongs to something else
   * @throws dev.rszshm.allocator.errors.OutOfHeapMemoryException if there is no room for so many
   */
  public static <T> SharedArray<T> named(
      Allocator allocator, String name, ElementType<T> type, long count) {
    return at(allocator, place(allocator, name), type, count);
  }

  /**
   * Returns the array of structs with a name, and makes it if there is none. Publishes the layout
   * first. An array of an {@link Extensible} struct keeps the version with which it was made, for
   * all elements.
   *
   * @param count the least number of elements that it has then
   * @throws LayoutMismatchException if the layout differs, or the array has other elements
   * @throws DamagedArrayException if the name belongs to no sound array
   * @throws dev.rszshm.allocator.errors.RootMismatchException if the name belongs to something else
   * @throws dev.rszshm.allocator.errors.OutOfHeapMemoryException if there is no room for so many
   * @throws IllegalArgumentException if the struct is aligned to more than 16 bytes
   */
  public static <S extends Record> SharedArray<S> named(
      Allocator allocator, String name, StructLayout<S> layout, long count) {
    return at(allocator, place(allocator, name), layout, count);
  }

  private static long place(Allocator allocator, String name) {
    return allocator.place(
        name, SharedArrayLayout.MAGIC_VALUE, SharedArrayLayout.ROOT_VERSION, LENGTH);
  }

  /**
   * Returns the array of numbers at an offset, which is made there if there are zeros; otherwise as
   * {@link #named(Allocator, String, ElementType, long)}.
   *
   * @param offset a multiple of 8
   */
  public static <T> SharedArray<T> at(
      Allocator allocator, long offset, ElementType<T> type, long count) {
    return ArrayMaking.open(allocator, offset, Elements.of(type), count, Optional.empty());
  }

  /**
   * Returns the array of structs at an offset, which is made there if there are zeros; otherwise as
   * {@link #named(Allocator, String, StructLayout, long)}.
   *
   * @param offset a multiple of 8
   */
  public static <S extends Record> SharedArray<S> at(
      Allocator allocator, long offset, StructLayout<S> layout, long count) {
    layout.requireManageable();
    layout.publish(allocator);
    return ArrayMaking.open(allocator, offset, Elements.of(layout), count, Optional.of(layout));
  }

  /**
   * Finds the array of a name, whatever its elements are: they are their bytes. A heap that is
   * attached for reading only will do.
   *
   * @return the array; empty if there is no root of this name, or it is no array
   * @throws DamagedArrayException if it is damaged, or has structs whose layout is not stored
   */
  public static Optional<SharedArray<byte[]>> find(Allocator allocator, String name) {
    return allocator
        .findRoot(name)
        .filter(root -> root.type() == ROOT_TYPE && allocator.get(root.slot()) > 0)
        .map(root -> ArrayMaking.find(allocator, place(allocator, name)));
  }

  /** Returns the name of the type of the elements: that of a struct, or {@code int32}, say. */
  public String elementName() {
    return elements.name();
  }

  /** Returns the number of elements. Acquire order. */
  public long size() {
    long size = heap.getLongAcquire(offset + SharedArrayLayout.SIZE);
    if (size < 0 || size > SharedArrayLayout.capacity(first)) {
      throw damaged("it says that it has " + size + " elements");
    }
    return size;
  }

  /** Returns the length of an element in bytes, which is the distance of two in one segment. */
  public long elementLength() {
    return elementLength;
  }

  /**
   * Makes the array grow to at least so many elements; has no effect if it has as many.
   *
   * @return the number of elements then
   * @throws IllegalArgumentException if the count is negative, or more than an array can have
   * @throws dev.rszshm.allocator.errors.OutOfHeapMemoryException if there is no room; the array
   *     stays as it is, and its segments for some of the elements are there for a later call
   */
  public long ensure(long count) {
    long capacity = SharedArrayLayout.capacity(first);
    if (count < 0 || count > capacity) {
      throw new IllegalArgumentException(
          "an array of " + elements + " has 0 to " + capacity + " elements, asked for " + count);
    }
    long size = size();
    if (size >= count) {
      return size;
    }
    int last = SharedArrayLayout.segment(count - 1, first);
    for (int segment = 0; segment <= last; segment++) { // step 3
      if (segments.get(segment) == 0) {
        provide(segment);
      }
    }
    long word = offset + SharedArrayLayout.SIZE;
    while (size < count) { // step 4; whoever is in the way has made it larger
      long found = heap.compareAndExchangeLong(word, size, count);
      size = found == size ? count : Math.max(size, found);
    }
    return size;
  }

  private void provide(int segment) {
    long count = SharedArrayLayout.count(segment, first);
    boolean countable = count <= Long.MAX_VALUE / elementLength;
    long bytes = countable ? count * elementLength : Long.MAX_VALUE; // more than any heap has
    long slot = offset + SharedArrayLayout.slot(segment);
    if (allocator.get(slot) == 0) {
      allocator.allocateInto(slot, bytes, made -> initialize(made, count));
    }
  }

  /** Writes the headers of elements that nobody can see yet. */
  private void initialize(long made, long count) {
    for (long i = 0; elements.header() != 0 && i < count; i++) {
      heap.putLong(made + i * elementLength, elements.header());
    }
  }

  /**
   * Returns the offset of an element in the heap, which stays the same.
   *
   * @throws IndexOutOfBoundsException if there is no element of this index
   * @throws DamagedArrayException if its segment is missing
   */
  public long offset(long index) {
    if (index < 0 || index >= size()) {
      throw new IndexOutOfBoundsException(
          "index " + index + " out of bounds for an array of " + size() + " elements");
    }
    int segment = SharedArrayLayout.segment(index, first);
    long block = segments.get(segment);
    if (block == 0) {
      block = find(segment);
    }
    return block + (index - SharedArrayLayout.begin(segment, first)) * elementLength;
  }

  private long find(int segment) {
    long block = allocator.get(offset + SharedArrayLayout.slot(segment));
    if (block == 0) {
      throw damaged("it has no segment " + segment);
    }
    segments.set(segment, block);
    return block;
  }

  /**
   * Returns an element as a reference, which stays the same. Of an array of numbers there is no use
   * for it; see {@link #offset}.
   *
   * @throws IndexOutOfBoundsException if there is no element of this index
   */
  public Block<T> at(long index) {
    return new Block<>(offset(index));
  }

  /**
   * Returns a copy of an element, read as plain values; see {@link StructLayout#read}.
   *
   * @throws IndexOutOfBoundsException if there is no element of this index
   */
  public T get(long index) {
    return elements.access().get(heap, offset(index));
  }

  /**
   * Writes an element as plain values; see {@link StructLayout#write}.
   *
   * @throws IndexOutOfBoundsException if there is no element of this index
   * @throws IllegalArgumentException if the type cannot hold the value
   */
  public void set(long index, T value) {
    elements.access().put(heap, offset(index), value);
  }

  /** Returns an iterator over the elements in order, as many as there are when it looks. */
  @Override
  public Iterator<T> iterator() {
    return new Iterator<>() {
      private long next;

      @Override
      public boolean hasNext() {
        return next < size();
      }

      @Override
      public T next() {
        if (!hasNext()) {
          throw new NoSuchElementException("the array has " + size() + " elements");
        }
        return get(next++);
      }
    };
  }

  /** Checks the array; it may be in use. */
  public ArrayCheck check() {
    List<String> findings = new ArrayList<>();
    long size = heap.getLongAcquire(offset + SharedArrayLayout.SIZE);
    if (size < 0 || size > SharedArrayLayout.capacity(first)) {
      findings.add("the size is " + size);
    }
    int count = 0;
    long bytes = 0;
    boolean missing = false;
    for (int segment = 0; segment < SharedArrayLayout.SEGMENT_COUNT; segment++) {
      long block = allocator.get(offset + SharedArrayLayout.slot(segment));
      missing |= block == 0;
      if (block == 0 && SharedArrayLayout.begin(segment, first) < size) {
        findings.add("segment " + segment + " is missing");
      } else if (block != 0) {
        count++;
        bytes += SharedArrayLayout.count(segment, first) * elementLength;
        if (missing) {
          findings.add("segment " + segment + " is there, and one before it is missing");
        }
        checkSegment(segment, block, findings);
      }
    }
    return new ArrayCheck(size, count, bytes, findings);
  }

  private void checkSegment(int segment, long block, List<String> findings) {
    long count = SharedArrayLayout.count(segment, first);
    if (allocator.usableSize(block) / elementLength < count) {
      findings.add(
          "segment "
              + segment
              + " at offset "
              + block
              + " has "
              + allocator.usableSize(block)
              + " bytes, too few for "
              + count
              + " elements");
      return;
    }
    for (long i = 0; elements.header() != 0 && i < count; i++) {
      long header = heap.getLongAcquire(block + i * elementLength);
      if (header != elements.header()) {
        findings.add(
            String.format(
                Locale.ROOT,
                "element %d has the header 0x%x, expected 0x%x",
                SharedArrayLayout.begin(segment, first) + i,
                header,
                elements.header()));
        return;
      }
    }
  }

  /**
   * Removes the array of a name, with all its elements. Nobody may use it any more. What slots of
   * the elements refer to is not freed. If the process dies in this method, the array is as before,
   * or has no elements, or is gone; then call it again.
   *
   * @return whether there was one
   * @throws DamagedArrayException if the name belongs to something else
   */
  public static boolean remove(Allocator allocator, String name) {
    Optional<RootEntry> root = allocator.findRoot(name);
    if (root.isEmpty()) {
      return false;
    }
    if (root.get().type() != SharedArrayLayout.MAGIC_VALUE || root.get().size() != LENGTH) {
      throw new DamagedArrayException(
          "\"" + name + "\" of " + allocator.heap().path() + " is no array, found " + root.get());
    }
    long array = allocator.get(root.get().slot());
    if (array != 0) {
      allocator.heap().putLongRelease(array + SharedArrayLayout.SIZE, 0);
      for (int segment = SharedArrayLayout.SEGMENT_COUNT - 1; segment >= 0; segment--) {
        allocator.freeFrom(array + SharedArrayLayout.slot(segment));
      }
    }
    return allocator.removeRoot(name);
  }

  private DamagedArrayException damaged(String why) {
    heap.requireOpen(); // or what was read is nothing
    return new DamagedArrayException(this + " is damaged: " + why + ". Make it anew");
  }

  @Override
  public String toString() {
    return "the array of " + elements + " at offset " + offset + " of " + heap.path();
  }
}
