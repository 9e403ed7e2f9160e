package dev.rszshm.structures.list;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.codec.CodecFormat;
import dev.rszshm.structures.internal.bytes.SoughtValue;
import dev.rszshm.structures.internal.codec.StoredBytes;
import dev.rszshm.structures.internal.codec.StructureCodec;
import dev.rszshm.structures.internal.process.NamedPlace;
import java.util.AbstractList;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * A list in a shared heap, for any number of processes, which grows at its end by itself.
 *
 * <pre>{@code
 * SharedList<String> log = SharedList.named(allocator, "log", Codecs.strings());
 * long index = log.append("started");
 * // in any other process
 * for (String line : log) {
 *   System.out.println(line);
 * }
 * }</pre>
 *
 * <p>It is a {@link java.util.List} to which elements are appended, and in which they are replaced;
 * none is null. Elements are not removed, nor inserted before others: those methods throw {@link
 * UnsupportedOperationException}. {@link #remove(Allocator, String)} removes the whole list. What
 * is appended keeps its index and never moves.
 *
 * <p><b>Appending</b> takes no lock: any number of threads of any number of processes append at
 * once, and a process that is stopped or killed delays none of them. Index and element appear
 * together, and indexes have no holes. Elements that one thread appends are in its order.
 * <b>Reading</b> waits for nobody. What a thread did before it appended or set an element happens
 * before what a thread does that has got it. <b>Setting</b> takes a lock that belongs to the list;
 * it waits for others who set an element, and for nobody who appends.
 *
 * <p>Iterators are weakly consistent: they go on to elements that are appended meanwhile, and do
 * not throw {@link java.util.ConcurrentModificationException}.
 *
 * <p><b>If a process dies</b> in any method, that has happened or it has not; no element is lost or
 * there twice, and no memory is lost.
 *
 * <p>An element takes 24 bytes besides its own, rounded up by the allocator, and the places of the
 * next ones are allocated in pieces of at most a fifth of the list. Indexes beyond {@link
 * Integer#MAX_VALUE} are for the methods with {@code long}; there can be 68,719,476,672 elements.
 *
 * <p>All methods may be called by any thread at any time. They throw {@link IllegalStateException}
 * if the heap is closed, {@link dev.rszshm.allocator.errors.OutOfHeapMemoryException} if there is
 * no room, with nothing changed, {@link dev.rszshm.structures.errors.CodecMismatchException} once a
 * newer version of the codec has written, {@link
 * dev.rszshm.structures.errors.StructureRemovedException} once somebody has removed the list, and
 * {@link dev.rszshm.heap.errors.DamagedHeapException} if somebody has written where they should
 * not. With a heap that is attached for reading only, a list can be read.
 *
 * @param <E> the elements
 */
public final class SharedList<E> extends AbstractList<E> implements RandomAccess {
  /** The type of a root that is a list. */
  public static final long ROOT_TYPE = ListLayout.MAGIC_VALUE;

  /** The bytes that a list takes at its place; elements are elsewhere. */
  public static final int LENGTH = ListLayout.LENGTH;

  private final ListElements elements;
  private final StructureCodec<E> codec;

  private SharedList(ListElements elements, StructureCodec<E> codec) {
    this.elements = elements;
    this.codec = codec;
  }

  /**
   * Finds the list of a name, or makes it, as a root of an allocator. Any number of processes may
   * do that at once.
   *
   * @throws dev.rszshm.structures.errors.CodecMismatchException if it was made with another codec,
   *     or written with a newer version of it
   * @throws dev.rszshm.allocator.errors.RootMismatchException if the name stands for something else
   * @throws dev.rszshm.allocator.errors.OutOfHeapMemoryException if there is no room
   */
  public static <E> SharedList<E> named(Allocator allocator, String name, Codec<E> codec) {
    return at(allocator, place(allocator, name), codec);
  }

  private static long place(Allocator allocator, String name) {
    return allocator.place(
        name,
        ListLayout.MAGIC_VALUE,
        ListLayout.CURRENT_VERSION,
        ListLayout.LENGTH,
        ListLayout.ALIGNMENT);
  }

  /**
   * Finds the list of a name. Makes nothing, so that a heap that is attached for reading only will
   * do.
   *
   * @return the list; empty if there is no root of this name yet, or it is none
   * @throws dev.rszshm.heap.errors.DamagedHeapException if it is damaged
   * @throws dev.rszshm.structures.errors.CodecMismatchException if it was made with another codec,
   *     or written with a newer version of it
   */
  public static <E> Optional<SharedList<E>> find(Allocator allocator, String name, Codec<E> codec) {
    return NamedPlace.existing(allocator, name, ROOT_TYPE, ListLayout.ALIGNMENT)
        .map(place -> at(allocator, place, codec));
  }

  /**
   * Finds the list of a name, whatever codec it was made with: elements are their bytes. Otherwise
   * as {@link #find(Allocator, String, Codec)}.
   */
  public static Optional<SharedList<byte[]>> find(Allocator allocator, String name) {
    return NamedPlace.existing(allocator, name, ROOT_TYPE, ListLayout.ALIGNMENT)
        .map(place -> at(allocator, place, storedBytes(allocator, place)));
  }

  private static StoredBytes storedBytes(Allocator allocator, long offset) {
    return StoredBytes.at(allocator.heap(), offset + ListLayout.FORMAT);
  }

  /**
   * Finds the list at an offset, or makes it in {@link #LENGTH} bytes of zeros.
   *
   * @param offset a multiple of 8
   * @throws dev.rszshm.heap.errors.DamagedHeapException if there is something else
   * @throws dev.rszshm.structures.errors.CodecMismatchException if it was made with another codec,
   *     or written with a newer version of it
   */
  public static <E> SharedList<E> at(Allocator allocator, long offset, Codec<E> codec) {
    StructureCodec<E> elements = codec(allocator, offset, codec);
    return new SharedList<>(new ListElements(allocator, offset, elements), elements);
  }

  private static <E> StructureCodec<E> codec(Allocator allocator, long offset, Codec<E> codec) {
    return new StructureCodec<>(
        allocator.heap(),
        offset + ListLayout.FORMAT,
        codec,
        StructureCodec.Use.ELEMENTS,
        ListElements.name(allocator, offset));
  }

  /**
   * Removes the list of a name with all that is in it, when nobody uses it any more. If the process
   * dies in it, a part is removed; call it again.
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
   * Frees all that is in the list at an offset, when nobody uses it any more. It is empty then; the
   * {@link #LENGTH} bytes at the offset are the caller's.
   */
  public static void remove(Allocator allocator, long offset) {
    StructureCodec<byte[]> codec = codec(allocator, offset, storedBytes(allocator, offset));
    new ListElements(allocator, offset, codec).dismantle();
  }

  /** Returns the heap it is in. */
  public Heap heap() {
    return elements.heap;
  }

  /** Returns the format that the elements have: that of the newest codec that has stored one. */
  public CodecFormat format() {
    return codec.stored();
  }

  /** Returns the number of elements, or {@link Integer#MAX_VALUE} if there are more. */
  @Override
  public int size() {
    return (int) Math.min(Integer.MAX_VALUE, elements.size());
  }

  /** Returns the number of elements. */
  public long longSize() {
    return elements.size();
  }

  @Override
  public boolean isEmpty() {
    return elements.isEmpty();
  }

  private byte[] encode(E element) {
    return codec.encodeToStore(
        Objects.requireNonNull(element, "a shared list has no null elements"));
  }

  /**
   * Appends an element.
   *
   * @return its index
   * @throws dev.rszshm.allocator.errors.OutOfHeapMemoryException if there is no room; nothing has
   *     changed
   */
  public long append(E element) {
    return elements.append(encode(element));
  }

  @Override
  public boolean add(E element) {
    append(element);
    return true;
  }

  /** Appends all elements of a collection, one after the other; others may append in between. */
  @Override
  @SuppressWarnings("unchecked")
  public boolean addAll(Collection<? extends E> collection) {
    Object[] all = collection.toArray(); // it may be this list, which grows meanwhile
    for (Object element : all) {
      append((E) element);
    }
    return all.length > 0;
  }

  @Override
  public E get(int index) {
    return get((long) index);
  }

  /**
   * Returns the element of an index.
   *
   * @throws IndexOutOfBoundsException if there is none
   */
  public E get(long index) {
    return codec.decode(found(index, elements.get(index)));
  }

  @Override
  public E set(int index, E element) {
    return set((long) index, element);
  }

  /**
   * Replaces the element of an index, and returns what it was.
   *
   * @throws IndexOutOfBoundsException if there is none
   */
  public E set(long index, E element) {
    return codec.decodeTaken(found(index, elements.set(index, encode(element))));
  }

  @Override
  public boolean contains(@Nullable Object object) {
    return indexOf(object) >= 0;
  }

  /** Returns the first index of an element that is equal to an object, or has its bytes; or -1. */
  @Override
  public int indexOf(@Nullable Object object) {
    SoughtValue<E> sought = new SoughtValue<>(codec, object);
    for (int i = 0; i < Integer.MAX_VALUE; i++) {
      byte[] element = elements.get(i);
      if (element == null) {
        return -1;
      }
      if (sought.isStoredAs(element)) {
        return i;
      }
    }
    return -1;
  }

  /** Returns the last index of an element that is equal to an object, or has its bytes; or -1. */
  @Override
  public int lastIndexOf(@Nullable Object object) {
    SoughtValue<E> sought = new SoughtValue<>(codec, object);
    for (int i = size() - 1; i >= 0; i--) {
      byte[] element = elements.get(i);
      if (element != null && sought.isStoredAs(element)) {
        return i;
      }
    }
    return -1;
  }

  private byte[] found(long index, byte @Nullable [] bytes) {
    if (bytes == null) {
      throw new IndexOutOfBoundsException(
          "there is no element " + index + ": the list has " + elements.size());
    }
    return bytes;
  }

  /**
   * Looks at every word: that elements are there without a hole, each whole and in a block of its
   * own; counts them. Others go on; those who set elements wait until it ends, and what one of them
   * has left in the middle is ended first.
   */
  public ListCheck check() {
    return new ListChecking(elements).run();
  }
}
