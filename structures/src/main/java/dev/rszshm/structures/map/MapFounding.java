package dev.rszshm.structures.map;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.RootEntry;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.bytes.XxHash64;
import dev.rszshm.structures.internal.codec.MapCodecs;
import dev.rszshm.structures.internal.process.NamedPlace;
import dev.rszshm.structures.map.errors.NotAMapException;
import java.util.ConcurrentModificationException;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

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
 * 2 the format of the keys, and then that of the values (StructureCodec), in the same way;
 * 3 version and length, which follow from the options, and the seed, which follows from the heap's
 *   random identity and the offset; 4 the magic, with release order.
 * Any number of processes may be at this at once: behind 2 they write the same.
 *
 * If a process dies here
 * ----------------------
 * Before 4 there is no magic, and the next one does it all again, if it means the same at 1 and 2. After 4 it is done.
 */
final class MapFounding {
  private MapFounding() {}

  /** Finds the place of the map of a name, or makes it; returns its offset. */
  static long place(Allocator allocator, String name, MapSpec spec) {
    long bytes = MapLayout.bytes(spec.shardBits());
    boolean readOnly = allocator.heap().isReadOnly();
    RootEntry root =
        readOnly
            ? find(allocator, name)
            : NamedPlace.find(
                allocator,
                name,
                MapLayout.MAGIC_VALUE,
                MapLayout.ALIGNMENT,
                () ->
                    allocator.root(
                        name,
                        MapLayout.MAGIC_VALUE,
                        MapLayout.CURRENT_VERSION,
                        bytes + MapLayout.ALIGNMENT - 1),
                found -> MapSpec.decode(allocator.heap().getLongAcquire(found + MapLayout.OPTIONS)),
                spec);
    long place = allocator.get(root.slot());
    if (place <= 0) {
      allocator.heap().requireOpen(); // or what was read is nothing
      throw new ConcurrentModificationException(
          "the root \""
              + name
              + "\" was removed while it was looked for: look again, or remove maps when nobody"
              + " uses them any more");
    }
    return (place + MapLayout.ALIGNMENT - 1) & -MapLayout.ALIGNMENT;
  }

  /** Finds the map at an offset, or makes it. */
  static void findOrMake(Heap heap, long at, MapSpec spec, MapCodecs<?, ?> codecs) {
    long bytes = MapLayout.bytes(spec.shardBits());
    if (!heap.isReadOnly() && heap.getLongAcquire(at + MapLayout.MAGIC) == 0) {
      make(heap, at, spec, bytes, codecs);
    }
    require(heap, at, spec, bytes);
    codecs.require();
  }

  /** How the map of a name was made; empty if there is no map of this name, or not yet. */
  static Optional<MapSpec> specOf(Allocator allocator, String name) {
    Optional<RootEntry> root =
        allocator.findRoot(name).filter(r -> r.type() == MapLayout.MAGIC_VALUE);
    if (root.isEmpty()) {
      return Optional.empty();
    }
    long place = allocator.get(root.get().slot());
    if (place <= 0) {
      return Optional.empty();
    }
    long at = (place + MapLayout.ALIGNMENT - 1) & -MapLayout.ALIGNMENT;
    if (allocator.heap().getLongAcquire(at + MapLayout.MAGIC) == 0) {
      return Optional.empty();
    }
    long options = allocator.heap().getLongAcquire(at + MapLayout.OPTIONS);
    try {
      return Optional.of(MapSpec.decode(options));
    } catch (IllegalArgumentException e) {
      allocator.heap().requireOpen(); // or what was read is nothing
      throw new NotAMapException(
          "the map at offset "
              + at
              + " of "
              + allocator.heap().path()
              + " is damaged: "
              + e.getMessage());
    }
  }

  private static RootEntry find(Allocator allocator, String name) {
    return allocator
        .findRoot(name)
        .filter(root -> root.type() == MapLayout.MAGIC_VALUE)
        .orElseThrow(
            () ->
                new NotAMapException(
                    allocator.heap().path()
                        + " has no map \""
                        + name
                        + "\", and is attached for reading only: attach it for writing to make one"));
  }

  private static void make(Heap heap, long at, MapSpec spec, long bytes, MapCodecs<?, ?> codecs) {
    long found = heap.compareAndExchangeLong(at + MapLayout.OPTIONS, 0, spec.encode());
    if (found != 0 && found != spec.encode()) {
      throw mismatch(heap, at, found, spec);
    }
    codecs.claim();
    heap.putLong(at + MapLayout.SEED, seed(heap, at));
    heap.putInt(at + MapLayout.VERSION, MapLayout.CURRENT_VERSION);
    heap.putLong(at + MapLayout.BYTES, bytes);
    heap.putLongRelease(at + MapLayout.MAGIC, MapLayout.MAGIC_VALUE);
  }

  /** A number that nobody can guess who does not know the random identity of the heap. */
  private static long seed(Heap heap, long at) {
    UUID id = heap.id().orElseThrow();
    return XxHash64.hash(
        id.getLeastSignificantBits(), XxHash64.hash(id.getMostSignificantBits(), at));
  }

  private static void require(Heap heap, long at, MapSpec spec, long bytes) {
    long magic = heap.getLongAcquire(at + MapLayout.MAGIC);
    int version = heap.getInt(at + MapLayout.VERSION);
    if (magic != MapLayout.MAGIC_VALUE || version != MapLayout.CURRENT_VERSION) {
      heap.requireOpen(); // or what was read is nothing
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
    heap.requireOpen(); // or what was read is nothing
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
