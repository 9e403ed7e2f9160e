package dev.rszshm.structures.sorted;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.codec.MapCodecs;
import dev.rszshm.structures.internal.codec.StoredBytes;
import dev.rszshm.structures.internal.codec.StructureName;
import dev.rszshm.structures.internal.process.NamedPlace;
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
 * 2 the format of the keys, and then that of the values (StructureCodec), in the same way;
 * 3 version and length, which all know, and the seed, which follows from the heap's random
 *   identity and the offset; 4 the magic, with release order.
 * Any number of processes may be at this at once: behind 2 they write the same.
 *
 * If a process dies here
 * ----------------------
 * Before 4 there is no magic, and the next one does it all again, if it means the same at 1 and 2. After 4 it is done.
 */
final class SortedMapCreation {
  private static final long MIX = 0xbf58_476d_1ce4_e5b9L;

  private SortedMapCreation() {}

  /**
   * How the map of a name was made, its codecs left aside; empty if there is no map of this name,
   * or not yet.
   */
  static Optional<SortedMapSpec<byte[], byte[]>> specOf(Allocator allocator, String name) {
    Heap heap = allocator.heap();
    Optional<Long> found =
        NamedPlace.existing(
            allocator, name, SortedMapLayout.MAGIC_VALUE, SortedMapLayout.ALIGNMENT);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    long at = found.get();
    long exponent = heap.getLongAcquire(at + SortedMapLayout.OPTIONS);
    OrderedCodec<byte[]> keys = StoredBytes.at(heap, at + SortedMapLayout.KEY_FORMAT);
    OrderedCodec<byte[]> values = StoredBytes.at(heap, at + SortedMapLayout.VALUE_FORMAT);
    try {
      return Optional.of(
          new SortedMapSpec<>(
              keys, values, exponent >= 0 && exponent < Integer.SIZE ? 1 << exponent : 0));
    } catch (IllegalArgumentException e) {
      heap.requireOpen(); // or what was read is nothing
      throw new NotAMapException(name(allocator, at) + " is damaged: " + e.getMessage());
    }
  }

  /** Finds the place of the map of a name, or makes it. */
  static long place(Allocator allocator, String name) {
    return allocator.place(
        name,
        SortedMapLayout.MAGIC_VALUE,
        SortedMapLayout.CURRENT_VERSION,
        SortedMapLayout.LENGTH,
        SortedMapLayout.ALIGNMENT);
  }

  /** What messages call the map at an offset. */
  static StructureName name(Allocator allocator, long at) {
    return new StructureName("sorted map", allocator.heap(), at, allocator);
  }

  /** The codecs of the map at an offset, there or being made. */
  static <K, V> MapCodecs<K, V> codecs(Allocator allocator, long at, SortedMapSpec<K, V> spec) {
    return MapCodecs.of(
        name(allocator, at), at + SortedMapLayout.KEY_FORMAT, spec.keys(), spec.values());
  }

  /** Finds the map at an offset, or makes it in zeros. */
  static SortedTable at(Allocator allocator, long offset, int nodeLength, MapCodecs<?, ?> codecs) {
    Heap heap = allocator.heap();
    heap.region(offset, SortedMapLayout.LENGTH);
    if (offset % SortedMapLayout.ALIGNMENT != 0) {
      throw new IllegalArgumentException(
          "found offset " + offset + ", expected a multiple of " + SortedMapLayout.ALIGNMENT);
    }
    long options = SortedMapLayout.options(nodeLength);
    if (!heap.isReadOnly() && heap.getLongAcquire(offset + SortedMapLayout.MAGIC) == 0) {
      make(heap, offset, options, codecs);
    }
    require(heap, offset, options);
    codecs.require();
    return new SortedTable(allocator, offset, nodeLength, codecs);
  }

  private static void make(Heap heap, long at, long options, MapCodecs<?, ?> codecs) {
    long found = heap.compareAndExchangeLong(at + SortedMapLayout.OPTIONS, 0, options);
    if (found != 0 && found != options) {
      throw mismatch(heap, at, options);
    }
    codecs.claim();
    UUID id = heap.id().orElseThrow();
    long seed = mix(id.getLeastSignificantBits() ^ mix(id.getMostSignificantBits() ^ mix(at)));
    heap.putLong(at + SortedMapLayout.SEED, seed);
    heap.putInt(at + SortedMapLayout.VERSION, SortedMapLayout.CURRENT_VERSION);
    heap.putLong(at + SortedMapLayout.BYTES, SortedMapLayout.LENGTH);
    heap.putLongRelease(at + SortedMapLayout.MAGIC, SortedMapLayout.MAGIC_VALUE);
  }

  private static long mix(long number) {
    long mixed = (number ^ number >>> 30) * MIX;
    return mixed ^ mixed >>> 29;
  }

  private static void require(Heap heap, long at, long options) {
    long magic = heap.getLongAcquire(at + SortedMapLayout.MAGIC);
    int version = heap.getInt(at + SortedMapLayout.VERSION);
    if (magic != SortedMapLayout.MAGIC_VALUE || version != SortedMapLayout.CURRENT_VERSION) {
      heap.requireOpen(); // or what was read is nothing
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
    if (heap.getLong(at + SortedMapLayout.OPTIONS) != options
        || heap.getLong(at + SortedMapLayout.BYTES) != SortedMapLayout.LENGTH) {
      throw mismatch(heap, at, options);
    }
  }

  private static NotAMapException mismatch(Heap heap, long at, long expected) {
    heap.requireOpen(); // or what was read is nothing
    return new NotAMapException(
        "at offset "
            + at
            + " of "
            + heap.path()
            + " is another sorted map: found nodes of 2^"
            + heap.getLong(at + SortedMapLayout.OPTIONS)
            + " bytes, expected 2^"
            + expected
            + ". Name what it was made with, or another map");
  }
}
