package dev.rszshm.structures.list;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.process.NamedPlace;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;

/**
 * A list of numbers in a shared heap, for any number of processes, which grows at its end by
 * itself. It is {@link SharedList} for {@code long}s: an element takes its 8 bytes, and no method
 * makes an object.
 *
 * <pre>{@code
 * SharedLongList prices = SharedLongList.named(allocator, "prices");
 * long index = prices.append(1_250);
 * // in any other process
 * long sum = prices.stream().sum();
 * }</pre>
 *
 * <p>Elements are appended, and replaced; they are not removed, nor inserted before others. {@link
 * #remove(Allocator, String)} removes the whole list. What is appended keeps its index.
 *
 * <p><b>No method waits</b> for another thread or process: those that append or replace try again
 * if another one was faster, and whoever is stopped or killed delays nobody. (Two numbers, which
 * differ from list to list and depend on the random identity of the heap, are stored under a lock.)
 * Indexes have no holes. What a thread did before it appended or replaced an element happens before
 * what a thread does that has got it.
 *
 * <p><b>If a process dies</b> in any method, that has happened or it has not.
 *
 * <p>The places of the next elements are allocated in pieces of at most a fifth of the list. There
 * can be 68,719,476,672 elements.
 *
 * <p>All methods may be called by any thread at any time. They throw {@link IllegalStateException}
 * if the heap is closed, {@link dev.rszshm.allocator.errors.OutOfHeapMemoryException} if there is
 * no room, with nothing changed, {@link dev.rszshm.structures.errors.StructureRemovedException}
 * once somebody has removed the list, and {@link dev.rszshm.heap.errors.DamagedHeapException} if
 * somebody has written where they should not. With a heap that is attached for reading only, a list
 * can be read.
 */
public final class SharedLongList {
  /** The type of a root that is a list of numbers. */
  public static final long ROOT_TYPE = LongListLayout.MAGIC_VALUE;

  /** The bytes that a list takes at its place; elements are elsewhere. */
  public static final int LENGTH = LongListLayout.LENGTH;

  private final LongElements elements;

  private SharedLongList(LongElements elements) {
    this.elements = elements;
  }

  /**
   * Finds the list of a name, or makes it, as a root of an allocator. Any number of processes may
   * do that at once.
   *
   * @throws dev.rszshm.allocator.errors.RootMismatchException if the name stands for something else
   * @throws dev.rszshm.allocator.errors.OutOfHeapMemoryException if there is no room
   */
  public static SharedLongList named(Allocator allocator, String name) {
    return at(allocator, place(allocator, name));
  }

  private static long place(Allocator allocator, String name) {
    return allocator.place(
        name,
        LongListLayout.MAGIC_VALUE,
        LongListLayout.CURRENT_VERSION,
        LongListLayout.LENGTH,
        LongListLayout.ALIGNMENT);
  }

  /**
   * Finds the list of a name. Makes nothing, so that a heap that is attached for reading only will
   * do.
   *
   * @return the list; empty if there is no root of this name yet, or it is none
   * @throws dev.rszshm.heap.errors.DamagedHeapException if it is damaged
   */
  public static Optional<SharedLongList> find(Allocator allocator, String name) {
    return NamedPlace.existing(allocator, name, ROOT_TYPE, LongListLayout.ALIGNMENT)
        .map(place -> at(allocator, place));
  }

  /**
   * Finds the list at an offset, or makes it in {@link #LENGTH} bytes of zeros.
   *
   * @param offset a multiple of 8
   * @throws dev.rszshm.heap.errors.DamagedHeapException if there is something else
   */
  public static SharedLongList at(Allocator allocator, long offset) {
    return new SharedLongList(new LongElements(allocator, offset));
  }

  /**
   * Removes the list of a name, when nobody uses it any more. If the process dies in it, a part is
   * removed; call it again.
   *
   * @return whether there was one
   */
  public static boolean remove(Allocator allocator, String name) {
    if (allocator.findRoot(name).isEmpty()) {
      return false;
    }
    remove(allocator, place(allocator, name));
    return allocator.removeRoot(name);
  }

  /**
   * Frees all that is in the list at an offset, when nobody uses it any more; the {@link #LENGTH}
   * bytes at the offset are the caller's.
   */
  public static void remove(Allocator allocator, long offset) {
    new LongElements(allocator, offset).dismantle();
  }

  /** Returns the heap it is in. */
  public Heap heap() {
    return elements.heap;
  }

  /** Returns the number of elements. */
  public long size() {
    return elements.size();
  }

  /** Returns whether there are no elements. */
  public boolean isEmpty() {
    return elements.isEmpty();
  }

  /**
   * Appends a number.
   *
   * @return its index
   * @throws dev.rszshm.allocator.errors.OutOfHeapMemoryException if there is no room; nothing has
   *     changed
   */
  public long append(long number) {
    return elements.append(number);
  }

  /**
   * Returns the element of an index.
   *
   * @throws IndexOutOfBoundsException if there is none
   */
  public long get(long index) {
    return elements.get(index);
  }

  /**
   * Replaces the element of an index, and returns what it was.
   *
   * @throws IndexOutOfBoundsException if there is none
   */
  public long set(long index, long number) {
    return elements.set(index, number);
  }

  /**
   * Adds to the element of an index, and returns the sum.
   *
   * @throws IndexOutOfBoundsException if there is none
   */
  public long addAndGet(long index, long delta) {
    return elements.add(index, delta) + delta;
  }

  /**
   * Replaces the element of an index if it is a certain number.
   *
   * @return whether it was
   * @throws IndexOutOfBoundsException if there is none
   */
  public boolean compareAndSet(long index, long expected, long number) {
    return elements.compareAndExchange(index, expected, number) == expected;
  }

  /**
   * Calls an action for each element, in order, and goes on to those that are appended meanwhile.
   */
  public void forEach(LongConsumer action) {
    for (PrimitiveIterator.OfLong iterator = iterator(); iterator.hasNext(); ) {
      action.accept(iterator.nextLong());
    }
  }

  /** Returns an iterator, which goes on to elements that are appended meanwhile. */
  public PrimitiveIterator.OfLong iterator() {
    return new PrimitiveIterator.OfLong() {
      private long next;

      @Override
      public boolean hasNext() {
        return elements.has(next);
      }

      @Override
      public long nextLong() {
        if (!hasNext()) {
          throw new NoSuchElementException("the list has no more elements");
        }
        return elements.get(next++);
      }
    };
  }

  /** Returns the elements in order, and those that are appended meanwhile. */
  public LongStream stream() {
    return StreamSupport.longStream(
        Spliterators.spliteratorUnknownSize(iterator(), Spliterator.ORDERED), false);
  }

  /**
   * Returns a copy of the elements that there are now.
   *
   * @throws IllegalStateException if there are more than an array can have
   */
  public long[] toArray() {
    long size = size();
    if (size > Integer.MAX_VALUE - 8) {
      throw new IllegalStateException(
          elements + " has " + size + " elements, for which an array has no room: use stream()");
    }
    long[] copy = new long[(int) size];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = get(i);
    }
    return copy;
  }

  /** Looks at every word: that elements are there without a hole; counts them. Others go on. */
  public LongListCheck check() {
    return new LongListChecking(elements).run();
  }

  @Override
  public String toString() {
    return elements.toString();
  }
}
