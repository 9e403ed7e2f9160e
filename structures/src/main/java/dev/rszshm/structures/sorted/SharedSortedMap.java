package dev.rszshm.structures.sorted;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.CodecFormat;
import dev.rszshm.structures.internal.codec.MapCodecs;
import dev.rszshm.structures.internal.process.LockLook;
import java.util.List;
import java.util.Optional;

/**
 * A sorted map in a shared heap, for any number of processes, which grows by itself.
 *
 * <pre>{@code
 * SharedSortedMap<String, Long> prices =
 *     SharedSortedMap.named(
 *         allocator, "prices", SortedMapSpec.of(OrderedCodecs.strings(), Codecs.longs()));
 * prices.put("apple", 30L);
 * // in any other process
 * prices.headMap("b").forEach((name, price) -> System.out.println(name + " " + price));
 * }</pre>
 *
 * <p>It is a {@link java.util.concurrent.ConcurrentNavigableMap}: each method of one key, and each
 * that looks for a neighbor of a key or for an end, happens at one instant; so does {@link #clear}.
 * What the caller passes to {@code compute} and its like runs while no lock is held, and again if
 * somebody else was faster. Keys and values are made of bytes by codecs; neither is null.
 *
 * <p><b>The order</b> is that of the bytes of the keys, compared as unsigned numbers, as in LMDB:
 * see {@link OrderedCodec}. It is a fact of what is stored and not of a class, so that all
 * processes have the same one, now and with the next version of the program, and that a search
 * compares words and decodes nothing.
 *
 * <p><b>Iterators</b>, in both directions, and of all views, see what is there all the time once,
 * and what comes or goes meanwhile once or not. They copy a node of the tree at a time. A view of a
 * part counts its entries one by one for {@code size()}; its {@code clear()} removes them one by
 * one.
 *
 * <p><b>Readers</b> wait for nobody and write nothing. <b>Writers</b> wait for one another: there
 * is one at a time for the whole map.
 *
 * <p><b>If a process dies</b> in any method, that has happened or it has not, and nobody is held
 * up: the next one who changes the map ends what was begun. No entry is lost, none is there twice,
 * no memory is.
 *
 * <p><b>If a process stands still</b> (stopped by a signal, or by a debugger) while it changes the
 * map, all who want to change it wait until it goes on or is ended; readers do not.
 *
 * <p>Memory of removed entries is free at once for anything else; one node is kept for the next
 * change. Thanks to it everything can be removed from a map in a full heap, and be replaced by
 * values that are not longer.
 *
 * <p>All methods may be called by any thread at any time. They throw {@link IllegalStateException}
 * if the heap or this object is closed, {@link dev.rszshm.structures.errors.CodecMismatchException}
 * once a newer version of the codec of the values has written, {@link
 * dev.rszshm.structures.errors.StructureRemovedException} once somebody has removed the map, {@link
 * dev.rszshm.allocator.errors.OutOfHeapMemoryException} if there is no room, with nothing changed,
 * {@link IllegalArgumentException} if a key is too long to be put, and {@link
 * dev.rszshm.structures.map.errors.DamagedMapException} if somebody has written where they should
 * not. With a heap that is attached for reading only, a map can be read.
 *
 * @param <K> the keys
 * @param <V> the values
 */
public final class SharedSortedMap<K, V> extends SortedView<K, V> implements AutoCloseable {
  /** The type of a root that is a sorted map. */
  public static final long ROOT_TYPE = SortedMapLayout.MAGIC_VALUE;

  /** Bytes that a map takes beside its entries, at a multiple of 64. */
  public static final int LENGTH = SortedMapLayout.LENGTH;

  private SharedSortedMap(SortedTable table, SortedMapSpec<K, V> spec, MapCodecs<K, V> codecs) {
    super(table, spec, codecs);
  }

  /**
   * Finds the map of a name, or makes it, as a root of an allocator. Any number of processes may do
   * that at once.
   *
   * @throws dev.rszshm.structures.map.errors.NotAMapException if it was made with another length of
   *     nodes
   * @throws dev.rszshm.structures.errors.CodecMismatchException if it was made with other codecs,
   *     with another version of the one of the keys, or with a newer one of that of the values
   * @throws dev.rszshm.allocator.errors.RootMismatchException if the name stands for something else
   */
  public static <K, V> SharedSortedMap<K, V> named(
      Allocator allocator, String name, SortedMapSpec<K, V> spec) {
    return at(allocator, SortedMapCreation.place(allocator, name), spec);
  }

  /**
   * Finds the map at an offset, or makes it in {@link #LENGTH} bytes of zeros.
   *
   * @param allocator gives memory for what is put into it
   * @throws dev.rszshm.structures.map.errors.NotAMapException if there is something else
   * @throws dev.rszshm.structures.errors.CodecMismatchException as {@link #named} does
   */
  public static <K, V> SharedSortedMap<K, V> at(
      Allocator allocator, long offset, SortedMapSpec<K, V> spec) {
    MapCodecs<K, V> codecs = SortedMapCreation.codecs(allocator, offset, spec);
    SortedTable table = SortedMapCreation.at(allocator, offset, spec.nodeLength(), codecs);
    return new SharedSortedMap<>(table, spec, codecs);
  }

  /**
   * Finds the map of a name, whatever codecs it was made with: keys and values are their bytes. A
   * heap that is attached for reading only will do.
   *
   * @return the map; empty if there is no root of this name yet, or it is no sorted map
   * @throws dev.rszshm.structures.map.errors.NotAMapException if it is damaged
   */
  public static Optional<SharedSortedMap<byte[], byte[]>> find(Allocator allocator, String name) {
    return SortedMapCreation.specOf(allocator, name).map(spec -> named(allocator, name, spec));
  }

  /**
   * Removes the map of a name with all that is in it, when nobody uses it any more. If the process
   * dies in it, a part is removed; call it again.
   *
   * @param spec how it was made
   * @return whether there was one
   */
  public static boolean remove(Allocator allocator, String name, SortedMapSpec<?, ?> spec) {
    if (allocator.findRoot(name).isEmpty()) {
      return false;
    }
    named(allocator, name, spec).dismantle();
    return allocator.removeRoot(name);
  }

  /**
   * Frees all blocks that this map has, for who is about to free its own place, when nobody uses it
   * any more. It is no map then. If the process dies in it, a part is freed; find the map again,
   * and call it again.
   */
  public void dismantle() {
    writer.dismantle();
  }

  /** Returns the heap it is in. */
  public Heap heap() {
    return table.heap;
  }

  /** Returns how it was made. */
  public SortedMapSpec<K, V> spec() {
    return spec;
  }

  /** Returns the format that the keys have. */
  public CodecFormat keyFormat() {
    return table.codecs.keys().stored();
  }

  /** Returns the format that the values have: that of the newest codec that has put one. */
  public CodecFormat valueFormat() {
    return table.codecs.values().stored();
  }

  /** Returns the number of entries. */
  public long mappingCount() {
    table.requireOpen();
    return table.count();
  }

  /**
   * Looks at every word: that keys are in order and where the tree says, each node and value in a
   * block of its own; counts them. Those who want to change the map wait for it; readers do not.
   * What somebody has left in the middle is ended first. With a heap that is attached for reading
   * only, nobody waits, and nothing is ended; if others change it all the time, only the entries
   * are counted.
   */
  public SortedMapCheck check() {
    if (table.heap.isReadOnly()) {
      return LockLook.inQuiet(
              table.heap,
              table.at,
              LENGTH,
              () -> new SortedMapChecking(table, writer).run(),
              table.at + SortedMapLayout.LOCK)
          .orElseGet(
              () -> new SortedMapCheck(mappingCount(), 0, 0, 0, 0, 0, 0, 0, false, List.of()));
    }
    return new SortedMapChecking(table, writer).run();
  }

  /** Lets this object, and its views, do nothing more. The map, and the heap, stay. */
  @Override
  public void close() {
    table.close();
  }
}
