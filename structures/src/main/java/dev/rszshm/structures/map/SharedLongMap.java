package dev.rszshm.structures.map;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.internal.codec.MapCodecs;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A map of numbers to bytes, or to numbers, for any number of processes. Its keys are no objects,
 * and neither reading into an array, nor reading a number, nor changing a number makes garbage.
 *
 * <pre>{@code
 * SharedLongMap counts = SharedLongMap.named(allocator, "counts");
 * counts.addAndGet(4711, 1);
 * // in any other process
 * long count = counts.getLong(4711, 0);
 * }</pre>
 *
 * <p>What is said of {@link SharedMap} about deaths, processes that stand still, memory and who may
 * call what holds here too. Each method happens at one instant. A map can be used through both
 * classes: this is one of {@link Codecs#longs} to {@link Codecs#byteArrays} there, and no other.
 */
public final class SharedLongMap implements AutoCloseable {
  private final MapTable table;

  private SharedLongMap(MapTable table) {
    this.table = table;
  }

  /** Finds the map of a name, or makes it; see {@link #named(Allocator, String, MapSpec)}. */
  public static SharedLongMap named(Allocator allocator, String name) {
    return named(allocator, name, MapSpec.standard());
  }

  /**
   * Finds the map of a name, or makes it, as a root of an allocator. Any number of processes may do
   * that at once.
   *
   * @throws dev.rszshm.structures.map.errors.NotAMapException if it was made with another
   *     specification
   * @throws dev.rszshm.structures.errors.CodecMismatchException if it is a map of other keys or
   *     values
   * @throws dev.rszshm.allocator.errors.RootMismatchException if the name stands for something else
   * @throws dev.rszshm.allocator.errors.OutOfHeapMemoryException if there is no room
   */
  public static SharedLongMap named(Allocator allocator, String name, MapSpec spec) {
    long at = MapFounding.place(allocator, name, spec);
    MapCodecs<Long, byte[]> codecs =
        MapCodecs.of(
            MapTable.name(allocator, at),
            at + MapLayout.KEY_FORMAT,
            Codecs.longs(),
            Codecs.byteArrays());
    return new SharedLongMap(MapTable.at(allocator, at, spec, codecs));
  }

  /**
   * Finds the map of a name, however it was made. A heap that is attached for reading only will do.
   *
   * @return the map; empty if there is no root of this name yet, or it is no map
   * @throws dev.rszshm.structures.map.errors.NotAMapException if it is damaged
   * @throws dev.rszshm.structures.errors.CodecMismatchException if it is a map of other keys or
   *     values
   */
  public static Optional<SharedLongMap> find(Allocator allocator, String name) {
    return MapFounding.specOf(allocator, name).map(spec -> named(allocator, name, spec));
  }

  /** What it is a face of; for tests. */
  MapTable table() {
    return table;
  }

  /** The heap it is in. */
  public Heap heap() {
    return table.heap;
  }

  /** How it was made. */
  public MapSpec spec() {
    return table.spec;
  }

  /** The number of entries; those that are put and removed meanwhile may count or not. */
  public long size() {
    table.requireOpen();
    return table.size();
  }

  /** Whether there is a key. */
  public boolean containsKey(long key) {
    return table.reads.contains(table.hash(key), null, key);
  }

  /** The value of a key, in a new array; null if there is none. */
  public byte @Nullable [] get(long key) {
    return table.reads.get(table.hash(key), null, key);
  }

  /**
   * Copies the value of a key into an array, if it has room.
   *
   * @return the length of the value; nothing was copied if the array is shorter. -1: there is none
   */
  public int get(long key, byte[] into) {
    return table.reads.read(table.hash(key), null, key, into, 0, into.length);
  }

  /**
   * Copies the value of a key into a part of an array, if it has room.
   *
   * @return as {@link #get(long, byte[])}
   */
  public int get(long key, byte[] into, int index, int room) {
    Objects.checkFromIndexSize(index, room, into.length);
    return table.reads.read(table.hash(key), null, key, into, index, room);
  }

  /**
   * Reads the value of a key in place.
   *
   * @return what the reader returned; null if there is no such key
   * @throws dev.rszshm.structures.map.errors.TooManyReadersException if 64 threads, of all
   *     processes, do that already
   */
  public <R extends @Nullable Object> @Nullable R get(long key, ValueReader<R> reader) {
    return table.reads.readInPlace(table.hash(key), null, key, reader);
  }

  /**
   * The value of a key as a number.
   *
   * @param ifAbsent what is returned if there is none
   * @throws IllegalStateException if the value has another length than 8 bytes
   */
  public long getLong(long key, long ifAbsent) {
    return table.reads.getLong(table.hash(key), null, key, ifAbsent);
  }

  /**
   * Puts a value.
   *
   * @return whether there was none
   * @throws dev.rszshm.allocator.errors.OutOfHeapMemoryException if there is no room; nothing has
   *     changed
   * @throws dev.rszshm.structures.map.errors.MapFullException if the map has its most entries
   */
  public boolean put(long key, byte[] value) {
    return put(key, value, 0, value.length);
  }

  /** Puts a part of an array; otherwise as {@link #put(long, byte[])}. */
  public boolean put(long key, byte[] value, int index, int length) {
    Objects.checkFromIndexSize(index, length, value.length);
    return put(key, value, index, length, 0, Shard.Mode.ALWAYS, false) == null;
  }

  /** Puts a number, in 8 bytes; otherwise as {@link #put(long, byte[])}. */
  public boolean putLong(long key, long value) {
    return put(key, null, 0, Long.BYTES, value, Shard.Mode.ALWAYS, false) == null;
  }

  /** Puts a value if there is none; returns the one that there is, or null if it was put. */
  public byte @Nullable [] putIfAbsent(long key, byte[] value) {
    return put(key, value, 0, value.length, 0, Shard.Mode.IF_ABSENT, true);
  }

  /** Puts a value if there is one; returns whether there was. */
  public boolean replace(long key, byte[] value) {
    return put(key, value, 0, value.length, 0, Shard.Mode.IF_PRESENT, false) != null;
  }

  /** Puts a value if there are certain bytes; returns whether there were. */
  public boolean replace(long key, byte[] expected, byte[] value) {
    long hash = table.hash(key);
    return table
            .shard(hash)
            .put(
                hash,
                null,
                key,
                value,
                0,
                value.length,
                0,
                Shard.Mode.IF_PRESENT,
                Objects.requireNonNull(expected, "expected"),
                false)
        != null;
  }

  private byte @Nullable [] put(
      long key,
      byte @Nullable [] value,
      int index,
      int length,
      long number,
      Shard.Mode mode,
      boolean returns) {
    long hash = table.hash(key);
    return table
        .shard(hash)
        .put(hash, null, key, value, index, length, number, mode, null, returns);
  }

  /**
   * Adds to a number, which is 0 if there is none, in place.
   *
   * @return the sum
   * @throws IllegalStateException if the value has another length than 8 bytes
   */
  public long addAndGet(long key, long delta) {
    long hash = table.hash(key);
    return table.shard(hash).add(hash, null, key, delta);
  }

  /**
   * Sets a number in place, if it is another.
   *
   * @return whether it was; false too if there is no such key
   * @throws IllegalStateException if the value has another length than 8 bytes
   */
  public boolean compareAndSetLong(long key, long expected, long value) {
    long hash = table.hash(key);
    return table.shard(hash).compareAndSet(hash, null, key, expected, value);
  }

  /** Removes a key; returns whether it was there. */
  public boolean remove(long key) {
    long hash = table.hash(key);
    return table.shard(hash).remove(hash, null, key, null, false) != null;
  }

  /** Removes a key if its value is certain bytes; returns whether it was. */
  public boolean remove(long key, byte[] expected) {
    long hash = table.hash(key);
    return table
            .shard(hash)
            .remove(hash, null, key, Objects.requireNonNull(expected, "expected"), false)
        != null;
  }

  /** Removes a key, and returns what it had; null if it was not there. */
  public byte @Nullable [] getAndRemove(long key) {
    long hash = table.hash(key);
    return table.shard(hash).remove(hash, null, key, null, true);
  }

  /**
   * Does something with each key. Those that are there all the time come once; those that come or
   * go meanwhile may come or not.
   *
   * @throws IllegalStateException if there is a key of another length than 8 bytes
   */
  public void forEachKey(LongConsumer action) {
    MapWalk walk = new MapWalk(table);
    while (walk.hasNext()) {
      action.accept(key(walk.next()));
    }
  }

  /** Does something with each key and a copy of its value; otherwise as {@link #forEachKey}. */
  public void forEach(EntryConsumer action) {
    MapWalk walk = new MapWalk(table);
    while (walk.hasNext()) {
      MapWalk.Copy copy = walk.next();
      action.accept(key(copy), copy.value());
    }
  }

  private static long key(MapWalk.Copy copy) {
    if (copy.key().length != Long.BYTES) {
      throw new IllegalStateException(
          "the map has a key of "
              + copy.key().length
              + " bytes, expected 8: use it as a SharedMap with the codec of its keys");
    }
    return Codecs.longs().decode(copy.key());
  }

  /** Gets a key and its value. */
  @FunctionalInterface
  public interface EntryConsumer {
    /** Does something with an entry. */
    void accept(long key, byte[] value);
  }

  /** Removes all that is there, one bucket after the other. */
  public void clear() {
    table.requireThere();
    for (int i = 0; i < table.shardCount(); i++) {
      table.shardAt(i).clear();
    }
  }

  /** Looks at everything, and counts; see {@link SharedMap#check}. */
  public MapCheck check() {
    return new MapChecking(table).run();
  }

  /** Lets this object do nothing more. The map, and the heap, stay. */
  @Override
  public void close() {
    table.close();
  }

  @Override
  public String toString() {
    return table.toString();
  }
}
