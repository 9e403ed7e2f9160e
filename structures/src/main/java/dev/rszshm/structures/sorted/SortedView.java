package dev.rszshm.structures.sorted;

import dev.rszshm.structures.codec.CodecException;
import dev.rszshm.structures.internal.bytes.MapValues;
import dev.rszshm.structures.internal.bytes.SoughtValue;
import dev.rszshm.structures.internal.bytes.ValueFunctions;
import dev.rszshm.structures.internal.codec.MapCodecs;
import dev.rszshm.structures.internal.codec.StructureCodec;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableSet;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A sorted map, or a part of it, in either direction. */
class SortedView<K, V> extends AbstractMap<K, V> implements ConcurrentNavigableMap<K, V> {
  final SortedTable table;
  final TreeReads reads;
  final TreeWriter writer;
  final SortedMapSpec<K, V> spec;
  private final StructureCodec<K> keys;
  private final StructureCodec<V> values;
  private final KeyRange range;

  /** Whether the order is that of the bytes. */
  private final boolean up;

  SortedView(SortedTable table, SortedMapSpec<K, V> spec, MapCodecs<K, V> codecs) {
    Descent descent = new Descent(table);
    this.table = table;
    this.reads = new TreeReads(table, descent);
    this.writer = new TreeWriter(table, descent);
    this.spec = spec;
    this.keys = codecs.keys();
    this.values = codecs.values();
    this.range = KeyRange.ALL;
    this.up = true;
  }

  private SortedView(SortedView<K, V> whole, KeyRange range, boolean up) {
    this.table = whole.table;
    this.reads = whole.reads;
    this.writer = whole.writer;
    this.spec = whole.spec;
    this.keys = whole.keys;
    this.values = whole.values;
    this.range = range;
    this.up = up;
  }

  // Keys and values.

  /** The bytes of a key; null if it can be none of this view. */
  @SuppressWarnings("unchecked")
  private byte @Nullable [] keyOrNull(Object key) {
    Objects.requireNonNull(key, "key");
    try {
      byte[] bytes = keys.encode((K) key);
      return range.contains(bytes) ? bytes : null;
    } catch (ClassCastException e) {
      return null;
    }
  }

  private byte[] bytes(K key) {
    return keys.encode(Objects.requireNonNull(key, "key"));
  }

  /** The bytes of a key that is to be in this view. */
  private byte[] newKey(K key) {
    byte[] bytes = bytes(key);
    if (!range.contains(bytes)) {
      throw new IllegalArgumentException("the key " + key + " is not in the range of this view");
    }
    if (bytes.length > spec.maxKeyLength()) {
      throw new IllegalArgumentException(
          "found a key of "
              + bytes.length
              + " bytes, expected at most "
              + spec.maxKeyLength()
              + ": make the map with a greater nodeLength, or take shorter keys");
    }
    return bytes;
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

  // One key.

  private byte @Nullable [] find(Object key) {
    byte[] bytes = keyOrNull(key);
    table.requireOpen();
    return bytes == null ? null : reads.get(bytes);
  }

  @Override
  public @Nullable V get(Object key) {
    return decoded(find(key));
  }

  @Override
  public boolean containsKey(Object key) {
    return find(key) != null;
  }

  @Override
  public boolean containsValue(Object value) {
    SoughtValue<V> sought = new SoughtValue<>(values, Objects.requireNonNull(value, "value"));
    for (Walk walk = walk(); walk.advance(); ) {
      if (sought.isStoredAs(walk.value())) {
        return true;
      }
    }
    return false;
  }

  @Override
  public @Nullable V put(K key, V value) {
    return decodedTaken(writer.put(newKey(key), value(value), TreeWriter.Mode.ALWAYS, null, true));
  }

  /** Puts a value, and does not tell what there was, which is less work than {@link #put}. */
  public void set(K key, V value) {
    writer.put(newKey(key), value(value), TreeWriter.Mode.ALWAYS, null, false);
  }

  @Override
  public @Nullable V putIfAbsent(K key, V value) {
    return decoded(putNew(key, value));
  }

  /** Puts a value where there is none; returns what there is otherwise. */
  private byte @Nullable [] putNew(K key, V value) {
    return writer.put(newKey(key), value(value), TreeWriter.Mode.IF_ABSENT, null, true);
  }

  @Override
  public @Nullable V replace(K key, V value) {
    byte[] to = value(value);
    byte[] bytes = keyOrNull(key);
    return bytes == null
        ? null
        : decodedTaken(writer.put(bytes, to, TreeWriter.Mode.IF_PRESENT, null, true));
  }

  @Override
  public boolean replace(K key, V oldValue, V newValue) {
    SoughtValue<V> old = new SoughtValue<>(values, Objects.requireNonNull(oldValue, "oldValue"));
    byte[] to = value(newValue);
    byte[] bytes = keyOrNull(key);
    while (bytes != null) {
      byte[] found = reads.get(bytes);
      if (found == null || !old.isStoredAs(found)) {
        return false;
      }
      if (writer.put(bytes, to, TreeWriter.Mode.IF_EQUAL, found, false) != null) {
        return true;
      }
    }
    return false;
  }

  /**
   * Puts what a function makes of a value, or removes it, again until nobody has changed it
   * meanwhile. That is seen by the stored bytes: the object that was made of them may be changed by
   * the function, and need not be equal to another one, or have these bytes again.
   */
  private @Nullable V update(K key, UnaryOperator<@Nullable V> change) {
    while (true) {
      byte[] found = find(key);
      V value = change.apply(found == null ? null : values.decode(found.clone()));
      if (value == null && found == null) {
        return null;
      }
      if (value == null) {
        values.beforeChange();
        if (writer.remove(bytes(key), found) != null) {
          return null;
        }
      } else if (found == null) {
        if (putNew(key, value) == null) {
          return value;
        }
      } else if (writer.put(bytes(key), value(value), TreeWriter.Mode.IF_EQUAL, found, false)
          != null) {
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
    values.beforeChange();
    return bytes == null ? null : decodedTaken(writer.remove(bytes, null));
  }

  @Override
  public boolean remove(Object key, @Nullable Object value) {
    byte[] bytes = keyOrNull(key);
    values.beforeChange();
    SoughtValue<V> old = new SoughtValue<>(values, value);
    while (bytes != null && value != null) {
      byte[] found = reads.get(bytes);
      if (found == null || !old.isStoredAs(found)) {
        return false;
      }
      if (writer.remove(bytes, found) != null) {
        return true;
      }
    }
    return false;
  }

  // Neighbors.

  /** The entry next to a bound, or to the end of the range; ascending or descending in bytes. */
  private @Nullable Entry<K, V> nearest(@Nullable K key, boolean inclusive, boolean ascending) {
    byte[] bound = key == null ? null : bytes(key);
    boolean within = inclusive;
    byte[] end = range.end(!ascending);
    if (end != null && (bound == null || !range.isWithin(bound, !ascending))) {
      bound = end;
      within = range.isInclusive(!ascending);
    }
    Leaf leaf = new Leaf(table.nodeLength);
    while (reads.nearest(bound, within, ascending, leaf)) {
      byte[] found = leaf.node.key(leaf.index);
      if (!range.isWithin(found, ascending)) {
        return null;
      }
      byte[] value = reads.value(leaf, leaf.index);
      if (value != null) {
        return new SimpleImmutableEntry<>(keys.decode(found), values.decode(value));
      }
    }
    return null;
  }

  private static <K> @Nullable K keyOf(@Nullable Entry<K, ?> entry) {
    return entry == null ? null : entry.getKey();
  }

  private static <K> K keyOrThrow(@Nullable Entry<K, ?> entry) {
    if (entry == null) {
      throw new NoSuchElementException("there is no entry");
    }
    return entry.getKey();
  }

  @Override
  public @Nullable Entry<K, V> lowerEntry(K key) {
    return nearest(Objects.requireNonNull(key, "key"), false, !up);
  }

  @Override
  public @Nullable K lowerKey(K key) {
    return keyOf(lowerEntry(key));
  }

  @Override
  public @Nullable Entry<K, V> floorEntry(K key) {
    return nearest(Objects.requireNonNull(key, "key"), true, !up);
  }

  @Override
  public @Nullable K floorKey(K key) {
    return keyOf(floorEntry(key));
  }

  @Override
  public @Nullable Entry<K, V> ceilingEntry(K key) {
    return nearest(Objects.requireNonNull(key, "key"), true, up);
  }

  @Override
  public @Nullable K ceilingKey(K key) {
    return keyOf(ceilingEntry(key));
  }

  @Override
  public @Nullable Entry<K, V> higherEntry(K key) {
    return nearest(Objects.requireNonNull(key, "key"), false, up);
  }

  @Override
  public @Nullable K higherKey(K key) {
    return keyOf(higherEntry(key));
  }

  @Override
  public @Nullable Entry<K, V> firstEntry() {
    return nearest(null, true, up);
  }

  @Override
  public @Nullable Entry<K, V> lastEntry() {
    return nearest(null, true, !up);
  }

  @Override
  public K firstKey() {
    return keyOrThrow(firstEntry());
  }

  @Override
  public K lastKey() {
    return keyOrThrow(lastEntry());
  }

  private @Nullable Entry<K, V> poll(boolean ascending) {
    values.beforeChange();
    TreeWriter.Removed removed =
        writer.poll(
            range.end(!ascending),
            range.isInclusive(!ascending),
            range.end(ascending),
            range.isInclusive(ascending),
            ascending);
    return removed == null ? null : decodedTaken(removed.key(), removed.value());
  }

  /**
   * If one half cannot be decoded, the exception has its bytes, and a suppressed one the other's.
   */
  private Entry<K, V> decodedTaken(byte[] key, byte[] value) {
    K decoded;
    try {
      decoded = keys.decodeTaken(key);
    } catch (CodecException e) {
      e.addSuppressed(new CodecException("the value of that key was taken too", e, value));
      throw e;
    }
    try {
      return new SimpleImmutableEntry<>(decoded, values.decodeTaken(value));
    } catch (CodecException e) {
      e.addSuppressed(new CodecException("the key of that value was taken too", e, key));
      throw e;
    }
  }

  @Override
  public @Nullable Entry<K, V> pollFirstEntry() {
    return poll(up);
  }

  @Override
  public @Nullable Entry<K, V> pollLastEntry() {
    return poll(!up);
  }

  // All of it.

  @Override
  public Comparator<? super K> comparator() {
    Comparator<? super K> order = spec.keys().comparator();
    return up ? order : Collections.reverseOrder(order);
  }

  Walk walk() {
    table.requireOpen();
    return new Walk(
        table,
        reads,
        range.end(!up),
        range.isInclusive(!up),
        range.end(up),
        range.isInclusive(up),
        up);
  }

  @Override
  public int size() {
    if (range.isAll()) {
      table.requireOpen();
      return (int) Math.min(Integer.MAX_VALUE, table.count());
    }
    int size = 0;
    for (Walk walk = walk(); size < Integer.MAX_VALUE && walk.advance(); ) {
      size++;
    }
    return size;
  }

  @Override
  public boolean isEmpty() {
    return firstEntry() == null;
  }

  @Override
  public void clear() {
    if (range.isAll()) {
      writer.clear();
    } else {
      values.beforeChange();
      for (Walk walk = walk(); walk.advance(); ) {
        writer.remove(walk.key(), null);
      }
    }
  }

  /** Calls an action for each entry, in order; no lock is held, and no entry made. */
  @Override
  public void forEach(BiConsumer<? super K, ? super V> action) {
    Objects.requireNonNull(action, "action");
    for (Walk walk = walk(); walk.advance(); ) {
      action.accept(keys.decode(walk.key()), values.decode(walk.value()));
    }
  }

  @Override
  public Set<Entry<K, V>> entrySet() {
    return new Entries();
  }

  @Override
  public Collection<V> values() {
    return new MapValues<>(this, values);
  }

  @Override
  public NavigableSet<K> keySet() {
    return new KeySetView<>(this);
  }

  @Override
  public NavigableSet<K> navigableKeySet() {
    return new KeySetView<>(this);
  }

  @Override
  public NavigableSet<K> descendingKeySet() {
    return new KeySetView<>(descendingMap());
  }

  // Parts.

  @Override
  public ConcurrentNavigableMap<K, V> descendingMap() {
    return new SortedView<>(this, range, !up);
  }

  private ConcurrentNavigableMap<K, V> part(
      byte @Nullable [] from, boolean fromInclusive, byte @Nullable [] to, boolean toInclusive) {
    KeyRange part =
        up
            ? range.part(from, fromInclusive, to, toInclusive)
            : range.part(to, toInclusive, from, fromInclusive);
    return new SortedView<>(this, part, up);
  }

  @Override
  public ConcurrentNavigableMap<K, V> subMap(
      K fromKey, boolean fromInclusive, K toKey, boolean toInclusive) {
    return part(bytes(fromKey), fromInclusive, bytes(toKey), toInclusive);
  }

  @Override
  public ConcurrentNavigableMap<K, V> headMap(K toKey, boolean inclusive) {
    return part(null, true, bytes(toKey), inclusive);
  }

  @Override
  public ConcurrentNavigableMap<K, V> tailMap(K fromKey, boolean inclusive) {
    return part(bytes(fromKey), inclusive, null, true);
  }

  @Override
  public ConcurrentNavigableMap<K, V> subMap(K fromKey, K toKey) {
    return subMap(fromKey, true, toKey, false);
  }

  @Override
  public ConcurrentNavigableMap<K, V> headMap(K toKey) {
    return headMap(toKey, false);
  }

  @Override
  public ConcurrentNavigableMap<K, V> tailMap(K fromKey) {
    return tailMap(fromKey, true);
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
      return SortedView.this.size();
    }

    @Override
    public boolean isEmpty() {
      return SortedView.this.isEmpty();
    }

    @Override
    public boolean contains(@Nullable Object object) {
      if (!(object instanceof Map.Entry<?, ?> entry)
          || entry.getKey() == null
          || entry.getValue() == null) {
        return false;
      }
      byte[] found = find(entry.getKey());
      return found != null && new SoughtValue<>(values, entry.getValue()).isStoredAs(found);
    }

    @Override
    public boolean remove(@Nullable Object object) {
      return object instanceof Map.Entry<?, ?> entry
          && entry.getKey() != null
          && SortedView.this.remove(entry.getKey(), entry.getValue());
    }

    @Override
    public void clear() {
      SortedView.this.clear();
    }
  }

  private final class EntryIterator implements Iterator<Entry<K, V>> {
    private final Walk walk = walk();
    private boolean has = walk.advance();
    private @Nullable K last;

    @Override
    public boolean hasNext() {
      return has;
    }

    @Override
    public Entry<K, V> next() {
      if (!has) {
        throw new NoSuchElementException("there are no more entries");
      }
      K key = keys.decode(walk.key());
      last = key;
      Entry<K, V> entry = new Written(key, values.decode(walk.value()));
      has = walk.advance();
      return entry;
    }

    @Override
    public void remove() {
      K key = last;
      if (key == null) {
        throw new IllegalStateException("next() comes before remove(), once for each");
      }
      SortedView.this.remove(key);
      last = null;
    }
  }
}
