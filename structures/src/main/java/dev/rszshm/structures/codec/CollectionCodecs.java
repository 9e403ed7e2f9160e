package dev.rszshm.structures.codec;

import dev.rszshm.heap.Region;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The codecs of lists, maps and optional objects: a number of 4 bytes, and the parts. */
final class CollectionCodecs {
  /** The least that a part can take, so that a number that cannot be is found before it is used. */
  private static final int ROUNDS_LOOKED_AT = 1 << 16;

  private CollectionCodecs() {}

  /** What all of them have. */
  private abstract static class Counted<C> implements Codec<C> {
    private final int id;
    private final String name;

    Counted(int kind, String name, Codec<?>... parts) {
      this.id = Codecs.combinedId(kind, parts);
      this.name = name;
    }

    @Override
    public final int id() {
      return id;
    }

    @Override
    public final C decode(Region from, long offset, long length) {
      Lengths.Cursor cursor = new Lengths.Cursor(from, offset, length);
      int size = cursor.nextInt();
      if (size < 0 || size > Lengths.MAX_ARRAY) {
        throw new CodecException("found " + size + " parts in an object of " + this);
      }
      C object = decode(cursor, size);
      cursor.requireEnd(this);
      return object;
    }

    abstract C decode(Lengths.Cursor cursor, int size);

    /** Room for what is there, and not for what a damaged number says. */
    static int room(int size) {
      return Math.min(size, ROUNDS_LOOKED_AT);
    }

    @Override
    public final String toString() {
      return name;
    }
  }

  static <E> Codec<List<E>> list(Codec<E> elements) {
    return new Counted<>(1, "List<" + elements + ">", elements) {
      @Override
      public long length(List<E> list) {
        long length = Integer.BYTES;
        for (E element : list) {
          length += Lengths.of(elements, element);
        }
        return length;
      }

      @Override
      public void encode(List<E> list, Region to, long offset) {
        to.putInt(offset, list.size());
        long at = offset + Integer.BYTES;
        for (E element : list) {
          at = Lengths.encode(elements, element, to, at);
        }
      }

      @Override
      List<E> decode(Lengths.Cursor cursor, int size) {
        List<E> list = new ArrayList<>(room(size));
        for (int i = 0; i < size; i++) {
          list.add(cursor.next(elements));
        }
        return Collections.unmodifiableList(list);
      }
    };
  }

  static <K, V> Codec<Map<K, V>> map(Codec<K> keys, Codec<V> values) {
    return new Counted<>(2, "Map<" + keys + ", " + values + ">", keys, values) {
      @Override
      public long length(Map<K, V> map) {
        long length = Integer.BYTES;
        for (Map.Entry<K, V> entry : map.entrySet()) {
          length += Lengths.of(keys, entry.getKey()) + Lengths.of(values, entry.getValue());
        }
        return length;
      }

      @Override
      public void encode(Map<K, V> map, Region to, long offset) {
        to.putInt(offset, map.size());
        long at = offset + Integer.BYTES;
        for (Map.Entry<K, V> entry : map.entrySet()) {
          at = Lengths.encode(keys, entry.getKey(), to, at);
          at = Lengths.encode(values, entry.getValue(), to, at);
        }
      }

      @Override
      Map<K, V> decode(Lengths.Cursor cursor, int size) {
        Map<K, V> map = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
          K key = cursor.next(keys);
          if (map.put(key, cursor.next(values)) != null) {
            throw new CodecException("found a key twice in an object of " + this);
          }
        }
        return Collections.unmodifiableMap(map);
      }
    };
  }

  static <E> Codec<Optional<E>> optional(Codec<E> elements) {
    return new Counted<>(3, "Optional<" + elements + ">", elements) {
      @Override
      public long length(Optional<E> optional) {
        return Integer.BYTES + optional.map(e -> Lengths.of(elements, e)).orElse(0L);
      }

      @Override
      public void encode(Optional<E> optional, Region to, long offset) {
        to.putInt(offset, optional.isPresent() ? 1 : 0);
        optional.ifPresent(e -> Lengths.encode(elements, e, to, offset + Integer.BYTES));
      }

      @Override
      Optional<E> decode(Lengths.Cursor cursor, int size) {
        if (size > 1) {
          throw new CodecException("found " + size + " parts in an object of " + this);
        }
        return size == 0 ? Optional.empty() : Optional.of(cursor.next(elements));
      }
    };
  }
}
