package dev.rszshm.heap;

/**
 * Finds places in a heap by name, and makes them where there are none. Every shared object that has
 * a name is found in the same way, by a method {@code named(directory, name, ...)} of its class:
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
   * Finds the place of a name, or makes it, filled with zeros. Of several processes that do that at
   * once, all get the same. If the process dies in it, the place is there, filled with zeros, or it
   * is not.
   *
   * @param name 1 to 88 bytes in UTF-8
   * @param type what is there, a number of the caller's choice; others must name the same
   * @param version of that
   * @param length bytes
   * @param alignment a power of two of which the offset is a multiple
   * @return the offset of the place
   * @throws dev.rszshm.heap.errors.HeapException of the kind that fits, if something else has the
   *     name, there are too many names, or there is no room
   * @throws java.util.ConcurrentModificationException if the name is removed at this moment
   */
  long place(String name, long type, int version, long length, long alignment);

  /** As {@link #place(String, long, int, long, long)}, with an alignment of 16 bytes. */
  default long place(String name, long type, int version, long length) {
    return place(name, type, version, length, 16);
  }
}
