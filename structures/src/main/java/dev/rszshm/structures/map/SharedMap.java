package dev.rszshm.structures.map;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.codec.CodecFormat;
import dev.rszshm.structures.internal.bytes.MapValues;
import dev.rszshm.structures.internal.bytes.SoughtValue;
import dev.rszshm.structures.internal.bytes.ValueFunctions;
import dev.rszshm.structures.internal.codec.MapCodecs;
import dev.rszshm.structures.internal.codec.StructureCodec;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A hash map in a shared heap, for any number of processes, which grows by itself.
 *
 * <pre>{@code
 * SharedMap<String, String> names =
 *     SharedMap.named(allocator, "names", Codecs.strings(), Codecs.strings());
 * names.put("0", "zero");
 * // in any other process
 * String zero = names.get("0");
 * }</pre>
 *
 * <p>It is a {@link ConcurrentMap}: each method of one key happens at one instant. What the caller
 * passes to {@code compute} and its like runs while no lock is held, and again if somebody else was
 * faster. Keys and values are made of bytes by codecs; neither is null. Keys are equal if their
 * bytes are; values if they are or their bytes, so that arrays can be values. Iterators, and what
 * is made of them ({@code equals}, {@code hashCode}, {@code toString}), see what is there all the
 * time once, and what comes or goes meanwhile once or not.
 *
 * <p><b>Readers</b> wait for nobody. <b>Writers</b> of the same part of the map, one of {@link
 * MapSpec#shards}, wait for one another.
 *
 * <p><b>If a process dies</b> in any method, that has happened or it has not, and nobody is held
 * up: the next one who changes that part of the map ends what was begun. No entry is lost, none is
 * there twice, no memory is.
 *
 * <p><b>If a process stands still</b> (stopped by a signal, or by a debugger) while it changes a
 * part of the map, those who want to change that part wait until it goes on or is ended; readers do
 * not. One that reads a value in place keeps the memory of that value from being freed.
 *
 * <p>Memory of removed entries is free at once for anything else; the table itself stays as large
 * as it was, about 15 bytes for each entry. Each part of the map keeps one block that was replaced,
 * of up to 4 KiB, for the next value.
 *
 * <p>All methods may be called by any thread at any time. They throw {@link IllegalStateException}
 * if the heap or this object is closed, {@link
 * dev.rszshm.allocator.errors.OutOfHeapMemoryException} if there is no room, with nothing changed,
 * {@link dev.rszshm.structures.errors.CodecMismatchException} once a newer version of the codec of
 * the values has written, {@link dev.rszshm.structures.errors.StructureRemovedException} once
 * somebody has removed the map, and {@link dev.rszshm.structures.map.errors.DamagedMapException} if
 * somebody has written where they should not. With a heap that is attached for reading only, a map
 * can be read, but not in place.
 *
 * @param <K> the keys
 * @param <V> the values
 */
public final class SharedMap<K, V> extends AbstractMap<K, V>
    implements ConcurrentMap<K, V>, AutoCloseable {
  /** The type of the root under which an allocator keeps a map. */
  public static final long ROOT_TYPE = MapLayout.MAGIC_VALUE;

  private final MapTable table;
  private final StructureCodec<K> keys;
  private final StructureCodec<V> values;
  private final Set<Entry<K, V>> entries = new Entries();

  private SharedMap(MapTable table, MapCodecs<K, V> codecs) {
    this.table = table;
    this.keys = codecs.keys();
    this.values = codecs.values();
  }

  private static <K, V> SharedMap<K, V> at(
      Allocator allocator, long at, MapCodecs<K, V> codecs, MapSpec spec) {
    return new SharedMap<>(MapTable.at(allocator, at, spec, codecs), codecs);
  }

  /** Finds the map of a name, or makes it in the standard way. */
  public static <K, V> SharedMap<K, V> named(
      Allocator allocator, String name, Codec<K> keys, Codec<V> values) {
    return named(allocator, name, keys, values, MapSpec.standard());
  }

  /**
   * Finds the map of a name, or makes it, as a root of an allocator. Any number of processes may do
   * that at once.
   *
   * @throws dev.rszshm.structures.map.errors.NotAMapException if it was made with another
   *     specification
   * @throws dev.rszshm.structures.errors.CodecMismatchException if it was made with other codecs,
   *     with another version of the one of the keys, or with a newer one of that of the values
   * @throws dev.rszshm.allocator.errors.RootMismatchException if the name stands for something else
   */
  public static <K, V> SharedMap<K, V> named(
      Allocator allocator, String name, Codec<K> keys, Codec<V> values, MapSpec spec) {
    Objects.requireNonNull(keys, "keys");
    Objects.requireNonNull(values, "values");
    long at = MapFounding.place(allocator, name, spec);
    return at(
        allocator,
        at,
        MapCodecs.of(MapTable.name(allocator, at), at + MapLayout.KEY_FORMAT, keys, values),
        spec);
  }

  /**
   * Finds the map of a name, however it was made. A heap that is attached for reading only will do.
   *
   * @return the map; empty if there is no root of this name yet, or it is no map
   * @throws dev.rszshm.structures.map.errors.NotAMapException if it is damaged
   * @throws dev.rszshm.structures.errors.CodecMismatchException as {@link #named(Allocator, String,
   *     Codec, Codec, MapSpec)} does
   */
  public static <K, V> Optional<SharedMap<K, V>> find(
      Allocator allocator, String name, Codec<K> keys, Codec<V> values) {
    return MapFounding.specOf(allocator, name)
        .map(spec -> named(allocator, name, keys, values, spec));
  }

  /**
   * Finds the map of a name, whatever codecs it was made with: keys and values are their bytes.
   * Otherwise as {@link #find(Allocator, String, Codec, Codec)}.
   */
  public static Optional<SharedMap<byte[], byte[]>> find(Allocator allocator, String name) {
    return MapFounding.specOf(allocator, name).map(spec -> ofBytes(allocator, name, spec));
  }

  private static SharedMap<byte[], byte[]> ofBytes(Allocator allocator, String name, MapSpec spec) {
    long at = MapFounding.place(allocator, name, spec);
    return at(
        allocator,
        at,
        MapCodecs.ofBytes(MapTable.name(allocator, at), at + MapLayout.KEY_FORMAT),
        spec);
  }

  /**
   * Removes the map of a name with all that is in it, when nobody uses it any more. If the process
   * dies in it, a part is removed; call it again.
   *
   * @param spec how it was made
   * @return whether there was one
   */
  public static boolean remove(Allocator allocator, String name, MapSpec spec) {
    if (allocator.findRoot(name).isEmpty()) {
      return false;
    }
    ofBytes(allocator, name, spec).table.remove();
    return allocator.removeRoot(name);
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

  /** Returns the format that the keys have. */
  public CodecFormat keyFormat() {
    return keys.stored();
  }

  /** Returns the format that the values have: that of the newest codec that has put one. */
  public CodecFormat valueFormat() {
    return values.stored();
  }

  @Override
  public int size() {
    return (int) Math.min(Integer.MAX_VALUE, mappingCount());
  }

  /** The number of entries; those that are put and removed meanwhile may count or not. */
  public long mappingCount() {
    table.requireOpen();
    return table.size();
  }

  @Override
  public boolean isEmpty() {
    return mappingCount() == 0;
  }

  /** The bytes of a key; null if it can be none of this map. */
  @SuppressWarnings("unchecked")
  private byte @Nullable [] keyOrNull(Object key) {
    Objects.requireNonNull(key, "key");
    try {
      return keys.encode((K) key);
    } catch (ClassCastException e) {
      return null;
    }
  }

  private byte[] key(K key) {
    return keys.encode(Objects.requireNonNull(key, "key"));
  }

  private byte[] value(V value) {
    return values.encodeToStore(Objects.requireNonNull(value, "value"));
  }

  private @Nullable V decoded(byte @Nullable [] value) {
    return value == null ? null : values.decode(value);
  }

  private @Nullable V decodedTaken(byte @Nullable [] value) {
    return value == null ? null : values.decodeTaken(value);
  }

  private byte @Nullable [] bytes(Object key) {
    byte[] bytes = keyOrNull(key);
    return bytes == null ? null : table.reads.get(table.hash(bytes), bytes, 0);
  }

  @Override
  public boolean containsKey(Object key) {
    byte[] bytes = keyOrNull(key);
    return bytes != null && table.reads.contains(table.hash(bytes), bytes, 0);
  }

  @Override
  public boolean containsValue(Object value) {
    SoughtValue<V> sought = new SoughtValue<>(values, Objects.requireNonNull(value, "value"));
    for (MapWalk walk = new MapWalk(table); walk.hasNext(); ) {
      if (sought.isStoredAs(walk.next().value())) {
        return true;
      }
    }
    return false;
  }

  @Override
  public @Nullable V get(Object key) {
    return decoded(bytes(key));
  }

  @Override
  public V getOrDefault(Object key, V defaultValue) {
    V value = get(key);
    return value == null ? defaultValue : value;
  }

  /**
   * Reads the value of a key in place, without a copy, and without its codec.
   *
   * @return what the reader returned; null if there is no such key
   * @throws dev.rszshm.structures.map.errors.TooManyReadersException if 64 threads, of all
   *     processes, do that already
   */
  public <R extends @Nullable Object> @Nullable R get(K key, ValueReader<R> reader) {
    byte[] bytes = key(key);
    return table.reads.readInPlace(table.hash(bytes), bytes, 0, reader);
  }

  private byte @Nullable [] put(
      byte[] key, byte[] value, Shard.Mode mode, byte @Nullable [] expected) {
    long hash = table.hash(key);
    boolean returns = expected == null; // or the caller knows it
    return table.shard(hash).put(hash, key, 0, value, 0, value.length, 0, mode, expected, returns);
  }

  @Override
  public @Nullable V put(K key, V value) {
    return decodedTaken(put(key(key), value(value), Shard.Mode.ALWAYS, null));
  }

  /**
   * Puts a value, and does not tell what there was, which is less work than {@link #put(Object,
   * Object) put}.
   */
  public void set(K key, V value) {
    byte[] bytes = key(key);
    byte[] to = value(value);
    long hash = table.hash(bytes);
    table.shard(hash).put(hash, bytes, 0, to, 0, to.length, 0, Shard.Mode.ALWAYS, null, false);
  }

  @Override
  public @Nullable V putIfAbsent(K key, V value) {
    return decoded(put(key(key), value(value), Shard.Mode.IF_ABSENT, null));
  }

  @Override
  public @Nullable V replace(K key, V value) {
    return decodedTaken(put(key(key), value(value), Shard.Mode.IF_PRESENT, null));
  }

  @Override
  public boolean replace(K key, V oldValue, V newValue) {
    SoughtValue<V> old = new SoughtValue<>(values, Objects.requireNonNull(oldValue, "oldValue"));
    byte[] bytes = key(key);
    byte[] to = value(newValue);
    while (true) {
      byte[] found = table.reads.get(table.hash(bytes), bytes, 0);
      if (found == null || !old.isStoredAs(found)) {
        return false;
      }
      if (put(bytes, to, Shard.Mode.IF_PRESENT, found) != null) {
        return true;
      }
    }
  }

  /**
   * Puts what a function makes of a value, or removes it, again until nobody has changed it
   * meanwhile. That is seen by the stored bytes: the object that was made of them may be changed by
   * the function, and need not be equal to another one, or have these bytes again.
   */
  private @Nullable V update(K key, UnaryOperator<@Nullable V> change) {
    byte[] bytes = key(key);
    long hash = table.hash(bytes);
    while (true) {
      byte[] found = table.reads.get(hash, bytes, 0);
      V value = change.apply(found == null ? null : values.decode(found.clone()));
      if (value == null && found == null) {
        return null;
      }
      if (value == null) {
        values.beforeChange();
        if (table.shard(hash).remove(hash, bytes, 0, found, false) != null) {
          return null;
        }
      } else if (found == null) {
        if (put(bytes, value(value), Shard.Mode.IF_ABSENT, null) == null) {
          return value;
        }
      } else if (put(bytes, value(value), Shard.Mode.IF_PRESENT, found) != null) {
        return value;
      }
    }
  }

  @Override
  public @Nullable V compute(
      K key, BiFunction<? super K, ? super @Nullable V, ? extends @Nullable V> function) {
    return update(key, ValueFunctions.computing(key, function));
  }

  @Override
  public @Nullable V computeIfPresent(
      K key, BiFunction<? super K, ? super V, ? extends @Nullable V> function) {
    return update(key, ValueFunctions.computingIfPresent(key, function));
  }

  @Override
  public @Nullable V merge(
      K key, V value, BiFunction<? super V, ? super V, ? extends @Nullable V> function) {
    return update(key, ValueFunctions.merging(value, function));
  }

  @Override
  public void replaceAll(BiFunction<? super K, ? super V, ? extends V> function) {
    Objects.requireNonNull(function, "function");
    for (K key : keySet()) {
      update(key, ValueFunctions.replacing(key, function));
    }
  }

  @Override
  public @Nullable V remove(Object key) {
    byte[] bytes = keyOrNull(key);
    if (bytes == null) {
      return null;
    }
    values.beforeChange();
    long hash = table.hash(bytes);
    return decodedTaken(table.shard(hash).remove(hash, bytes, 0, null, true));
  }

  @Override
  public boolean remove(Object key, @Nullable Object value) {
    byte[] bytes = keyOrNull(key);
    if (bytes == null || value == null) {
      return false;
    }
    values.beforeChange();
    SoughtValue<V> old = new SoughtValue<>(values, value);
    long hash = table.hash(bytes);
    while (true) {
      byte[] found = table.reads.get(hash, bytes, 0);
      if (found == null || !old.isStoredAs(found)) {
        return false;
      }
      if (table.shard(hash).remove(hash, bytes, 0, found, false) != null) {
        return true;
      }
    }
  }

  /** Removes all that is there, one bucket after the other. */
  @Override
  public void clear() {
    table.requireThere();
    for (int i = 0; i < table.shardCount(); i++) {
      table.shardAt(i).clear();
    }
  }

  @Override
  public Set<Entry<K, V>> entrySet() {
    return entries;
  }

  @Override
  public Collection<V> values() {
    return new MapValues<>(this, values);
  }

  /**
   * Looks at every word: that each entry is in its bucket, once, under its tag, in a block of its
   * own; counts them; says what is retired and read in place. Others go on, one part of the map
   * after the other being locked for it; what somebody has left in the middle is ended first. With
   * a heap that is attached for reading only, nothing is locked or ended: parts that others are
   * changing all the time are left out, and {@link MapCheck#settled} counts those that the dead
   * have left.
   */
  public MapCheck check() {
    return new MapChecking(table).run();
  }

  /** Lets this object do nothing more. The map, and the heap, stay. */
  @Override
  public void close() {
    table.close();
  }

  /** An entry that writes through. */
  private final class Written extends SimpleEntry<K, V> {
    private static final long serialVersionUID = 1;

    Written(K key, V value) {
      super(key, value);
    }

    @Override
    public V setValue(V value) {
      set(getKey(), value);
      return super.setValue(value);
    }
  }

  /** A view of the entries. */
  private final class Entries extends AbstractSet<Entry<K, V>> {
    @Override
    public Iterator<Entry<K, V>> iterator() {
      return new EntryIterator();
    }

    @Override
    public int size() {
      return SharedMap.this.size();
    }

    @Override
    public boolean contains(Object object) {
      if (!(object instanceof Map.Entry<?, ?> entry)
          || entry.getKey() == null
          || entry.getValue() == null) {
        return false;
      }
      byte[] found = bytes(entry.getKey());
      return found != null && new SoughtValue<>(values, entry.getValue()).isStoredAs(found);
    }

    @Override
    public boolean remove(Object object) {
      return object instanceof Map.Entry<?, ?> entry
          && entry.getKey() != null
          && SharedMap.this.remove(entry.getKey(), entry.getValue());
    }

    @Override
    public void clear() {
      SharedMap.this.clear();
    }
  }

  private final class EntryIterator implements Iterator<Entry<K, V>> {
    private final MapWalk walk = new MapWalk(table);
    private @Nullable K last;

    @Override
    public boolean hasNext() {
      return walk.hasNext();
    }

    @Override
    public Entry<K, V> next() {
      MapWalk.Copy copy = walk.next();
      last = keys.decode(copy.key());
      return new Written(last, values.decode(copy.value()));
    }

    @Override
    public void remove() {
      if (last == null) {
        throw new IllegalStateException("next() comes before remove(), once for each");
      }
      SharedMap.this.remove(last);
      last = null;
    }
  }
}
