package dev.rszshm.structures.internal.bytes;

import dev.rszshm.structures.codec.Codec;
import java.util.AbstractCollection;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentMap;

/** The values of a map, which looks for values by their bytes too. */
public final class MapValues<V> extends AbstractCollection<V> {
  private final ConcurrentMap<?, V> map;
  private final Codec<V> codec;

  public MapValues(ConcurrentMap<?, V> map, Codec<V> codec) {
    this.map = map;
    this.codec = codec;
  }

  @Override
  public Iterator<V> iterator() {
    Iterator<? extends Map.Entry<?, V>> entries = map.entrySet().iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return entries.hasNext();
      }

      @Override
      public V next() {
        return entries.next().getValue();
      }

      @Override
      public void remove() {
        entries.remove();
      }
    };
  }

  @Override
  public int size() {
    return map.size();
  }

  @Override
  public boolean isEmpty() {
    return map.isEmpty();
  }

  @Override
  public void clear() {
    map.clear();
  }

  @Override
  public boolean contains(Object value) {
    return map.containsValue(value);
  }

  /** Removes one entry of a value. */
  @Override
  public boolean remove(Object value) {
    SoughtValue<V> sought = new SoughtValue<>(codec, value);
    for (Map.Entry<?, V> entry : map.entrySet()) {
      if (sought.isLike(entry.getValue()) && map.remove(entry.getKey(), entry.getValue())) {
        return true;
      }
    }
    return false;
  }
}
