package dev.rszshm.structures.sorted;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.RootEntry;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.map.errors.NotAMapException;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/*
 * How a sorted map comes to be in a heap.
 *
 * Layout
 * ------
 * The first table of SortedMapLayout.
 *
 * Protocol
 * --------
 * 1 options: from 0, by compare-and-set. If they are there, they must be the same;
 * 2 version, length and codecs, which follow from the options, and the seed, which follows from the heap's random
 *   identity and the offset; 3 the magic, with release order.
 * Any number of processes may be at this at once: behind 1 they write the same.
 *
 * If a process dies here
 * ----------------------
 * Before 3 there is no magic, and the next one does it all again. After 3 it is done.
 */
final class SortedMapCreation {
  private static final long MIX = 0xbf58_476d_1ce4_e5b9L;

  private SortedMapCreation() {}

  /** Finds the map of a name, or makes it. */
  static SortedTable named(Allocator allocator, String name, SortedMapSpec<?, ?> spec) {
    return at(allocator, place(allocator, name), spec);
  }

  /**
   * How the map of a name was made, its codecs left aside; empty if there is no map of this name.
   */
  static Optional<SortedMapSpec<byte[], byte[]>> specOf(Allocator allocator, String name) {
    Optional<RootEntry> root =
        allocator.findRoot(name).filter(r -> r.type() == SortedMapLayout.MAGIC_VALUE);
    if (root.isEmpty() || allocator.get(root.get().slot()) <= 0) {
      return Optional.empty();
    }
    Heap heap = allocator.heap();
    long at = place(allocator, name);
    int exponent = (int) heap.getLongAcquire(at + SortedMapLayout.OPTIONS) & 0xff;
    OrderedCodec<byte[]> keys = new StoredBytes(heap.getInt(at + SortedMapLayout.KEY_FORMAT));
    OrderedCodec<byte[]> values = new StoredBytes(heap.getInt(at + SortedMapLayout.VALUE_FORMAT));
    try {
      return Optional.of(
          new SortedMapSpec<>(keys, values, exponent < Integer.SIZE ? 1 << exponent : 0));
    } catch (IllegalArgumentException e) {
      throw new NotAMapException(
          "the sorted map at offset "
              + at
              + " of "
              + heap.path()
              + " is damaged: "
              + e.getMessage());
    }
  }

  private static long place(Allocator allocator, String name) {
    return allocator.place(
        name,
        SortedMapLayout.MAGIC_VALUE,
        SortedMapLayout.CURRENT_VERSION,
        SortedMapLayout.LENGTH,
        SortedMapLayout.ALIGNMENT);
  }

  /** Finds the map at an offset, or makes it in zeros. */
  static SortedTable at(Allocator allocator, long offset, SortedMapSpec<?, ?> spec) {
    Heap heap = allocator.heap();
    heap.region(offset, SortedMapLayout.LENGTH);
    if (offset % SortedMapLayout.ALIGNMENT != 0) {
      throw new IllegalArgumentException(
          "found offset " + offset + ", expected a multiple of " + SortedMapLayout.ALIGNMENT);
    }
    if (!heap.isReadOnly() && heap.getLongAcquire(offset + SortedMapLayout.MAGIC) == 0) {
      make(heap, offset, spec);
    }
    require(heap, offset, spec);
    return new SortedTable(allocator, offset, spec.nodeLength());
  }

  private static void make(Heap heap, long at, SortedMapSpec<?, ?> spec) {
    long found = heap.compareAndExchangeLong(at + SortedMapLayout.OPTIONS, 0, spec.options());
    if (found != 0 && found != spec.options()) {
      throw mismatch(heap, at, spec);
    }
    UUID id = heap.id().orElseThrow();
    long seed = mix(id.getLeastSignificantBits() ^ mix(id.getMostSignificantBits() ^ mix(at)));
    heap.putLong(at + SortedMapLayout.SEED, seed);
    heap.putInt(at + SortedMapLayout.VERSION, SortedMapLayout.CURRENT_VERSION);
    heap.putLong(at + SortedMapLayout.BYTES, SortedMapLayout.LENGTH);
    heap.putInt(at + SortedMapLayout.KEY_FORMAT, spec.keys().id());
    heap.putInt(at + SortedMapLayout.VALUE_FORMAT, spec.values().id());
    heap.putLongRelease(at + SortedMapLayout.MAGIC, SortedMapLayout.MAGIC_VALUE);
  }

  private static long mix(long number) {
    long mixed = (number ^ number >>> 30) * MIX;
    return mixed ^ mixed >>> 29;
  }

  private static void require(Heap heap, long at, SortedMapSpec<?, ?> spec) {
    long magic = heap.getLongAcquire(at + SortedMapLayout.MAGIC);
    int version = heap.getInt(at + SortedMapLayout.VERSION);
    if (magic != SortedMapLayout.MAGIC_VALUE || version != SortedMapLayout.CURRENT_VERSION) {
      throw new NotAMapException(
          String.format(
              Locale.ROOT,
              "%s has no sorted map at offset %d: found magic 0x%x and version %d, expected 0x%x"
                  + " and %d",
              heap.path(),
              at,
              magic,
              version,
              SortedMapLayout.MAGIC_VALUE,
              SortedMapLayout.CURRENT_VERSION));
    }
    if (heap.getLong(at + SortedMapLayout.OPTIONS) != spec.options()
        || heap.getLong(at + SortedMapLayout.BYTES) != SortedMapLayout.LENGTH) {
      throw mismatch(heap, at, spec);
    }
  }

  private static NotAMapException mismatch(Heap heap, long at, SortedMapSpec<?, ?> expected) {
    return new NotAMapException(
        "at offset "
            + at
            + " of "
            + heap.path()
            + " is another sorted map: found nodes of 2^"
            + (heap.getLong(at + SortedMapLayout.OPTIONS) & 0xff)
            + " bytes, keys of codec "
            + heap.getInt(at + SortedMapLayout.KEY_FORMAT)
            + ", values of codec "
            + heap.getInt(at + SortedMapLayout.VALUE_FORMAT)
            + ", expected "
            + expected
            + ". Name what it was made with, or another map");
  }
}
