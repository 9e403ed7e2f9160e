package dev.rszshm.structures.map;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.RootEntry;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.map.errors.NotAMapException;
import java.security.SecureRandom;
import java.util.ConcurrentModificationException;
import java.util.Locale;

/*
 * How a map comes to be in a heap.
 *
 * Layout
 * ------
 * The first table of MapLayout.
 *
 * Protocol
 * --------
 * 1 options: from 0, by compare-and-set. If they are there, they must be the same;
 * 2 seed: from 0 to a random number, by compare-and-set: the first one's stays;
 * 3 version and length, which follow from the options; 4 the magic, with release order.
 * Any number of processes may be at this at once: behind 2 they write the same.
 *
 * If a process dies here
 * ----------------------
 * Before 4 there is no magic, and the next one does it all again. After 4 it is done.
 */
final class MapFounding {
  private static final SecureRandom RANDOM = new SecureRandom();

  private MapFounding() {}

  /** Finds the map of a name, or makes it; returns its offset. */
  static long findOrMake(Allocator allocator, String name, MapSpec spec) {
    long seed;
    do {
      seed = RANDOM.nextLong();
    } while (seed == 0);
    return findOrMake(allocator, name, spec, seed);
  }

  /** The same, with the seed that is used if the map is new. */
  static long findOrMake(Allocator allocator, String name, MapSpec spec, long seed) {
    long bytes = MapLayout.bytes(spec.shardBits());
    RootEntry root =
        allocator.root(
            name,
            MapLayout.MAGIC_VALUE,
            MapLayout.CURRENT_VERSION,
            bytes + MapLayout.ALIGNMENT - 1);
    long place = allocator.get(root.slot());
    if (place <= 0) {
      throw new ConcurrentModificationException(
          "the root \""
              + name
              + "\" was removed while it was looked for: look again, or remove maps when nobody"
              + " uses them any more");
    }
    long at = (place + MapLayout.ALIGNMENT - 1) & -MapLayout.ALIGNMENT;
    Heap heap = allocator.heap();
    if (heap.getLongAcquire(at + MapLayout.MAGIC) == 0) {
      make(heap, at, spec, bytes, seed);
    }
    require(heap, at, spec, bytes);
    return at;
  }

  private static void make(Heap heap, long at, MapSpec spec, long bytes, long seed) {
    long found = heap.compareAndExchangeLong(at + MapLayout.OPTIONS, 0, spec.encode());
    if (found != 0 && found != spec.encode()) {
      throw mismatch(heap, at, found, spec);
    }
    heap.compareAndSetLong(at + MapLayout.SEED, 0, seed);
    heap.putInt(at + MapLayout.VERSION, MapLayout.CURRENT_VERSION);
    heap.putLong(at + MapLayout.BYTES, bytes);
    heap.putLongRelease(at + MapLayout.MAGIC, MapLayout.MAGIC_VALUE);
  }

  private static void require(Heap heap, long at, MapSpec spec, long bytes) {
    long magic = heap.getLongAcquire(at + MapLayout.MAGIC);
    int version = heap.getInt(at + MapLayout.VERSION);
    if (magic != MapLayout.MAGIC_VALUE || version != MapLayout.CURRENT_VERSION) {
      throw new NotAMapException(
          String.format(
              Locale.ROOT,
              "%s has no map at offset %d: found magic 0x%x and version %d, expected 0x%x and %d",
              heap.path(),
              at,
              magic,
              version,
              MapLayout.MAGIC_VALUE,
              MapLayout.CURRENT_VERSION));
    }
    long options = heap.getLong(at + MapLayout.OPTIONS);
    if (options != spec.encode() || heap.getLong(at + MapLayout.BYTES) != bytes) {
      throw mismatch(heap, at, options, spec);
    }
    heap.region(at, bytes);
  }

  private static NotAMapException mismatch(Heap heap, long at, long found, MapSpec expected) {
    String description;
    try {
      description = MapSpec.decode(found).toString();
    } catch (IllegalArgumentException e) {
      description = "something else";
    }
    return new NotAMapException(
        "at offset "
            + at
            + " of "
            + heap.path()
            + " is another map: found "
            + description
            + ", expected "
            + expected
            + ". Name what it was made with, or another map");
  }
}
