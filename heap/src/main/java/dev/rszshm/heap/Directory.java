package dev.rszshm.heap;

/**
 * Finds places in a heap by name, and makes those that do not exist. Every shared object that has a
 * name is found in the same way, by a method {@code named(directory, name, ...)} of its class:
 *
 * <pre>{@code
 * Mutex mutex = Mutex.named(allocator, "accounts");
 * Channel jobs = Channel.named(allocator, "jobs", ChannelSpec.of(64, Width.fixed(8)));
 * }</pre>
 *
 * <p>Allocators are directories. All methods may be called by any thread of any process at once.
 */
public interface Directory {
  /** Returns the heap in which the places are. */
  Heap heap();

  /**
   * Returns the place of a name, and makes it, filled with zeros, if it does not exist. If several
   * threads or processes call this at once, all get the same place. If the process dies in this
   * method, the place exists, filled with zeros, or it does not. In a heap that is attached for
   * reading only, places are found and not made.
   *
   * @param name 1 to 88 bytes in UTF-8
   * @param type a number that the caller chooses for what the place contains; all callers must give
   *     the same
   * @param version a version of what it contains; all callers must give the same
   * @param length the length in bytes; all callers must give the same
   * @param alignment a power of two of which the offset is a multiple
   * @return the offset of the place
   * @throws dev.rszshm.heap.errors.HeapException if the name belongs to a place of another type,
   *     version or length, there are too many names, or there is no room
   * @throws dev.rszshm.heap.errors.ReadOnlyHeapException if there is no such place, and the heap is
   *     attached for reading only
   * @throws java.util.ConcurrentModificationException if the name is removed at the same time
   */
  long place(String name, long type, int version, long length, long alignment);

  /**
   * Returns the place of a name, aligned to 16 bytes.
   *
   * @see #place(String, long, int, long, long)
   */
  default long place(String name, long type, int version, long length) {
    return place(name, type, version, length, 16);
  }
}
