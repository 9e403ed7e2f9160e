package dev.rszshm.structures.codec;

import dev.rszshm.structures.internal.codec.PartVersions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The codecs of lists, maps and optional objects: a number of 4 bytes, and the parts. */
final class CollectionCodecs {
  /** Room for so many parts is made before they are read: a damaged number may say any. */
  private static final int MAX_ROOM = 1 << 16;

  private CollectionCodecs() {}

  /** What all of them have. */
  private abstract static class Counted<C> implements Codec<C> {
    private final int id;
    private final String name;

    /** The parts that are not made of others. */
    private final List<Codec<?>> simpleParts;

    private final PartVersions versions;

    Counted(int kind, String name, Codec<?>... parts) {
      this.id = Codecs.combinedId(kind, parts);
      this.name = name;
      this.simpleParts =
          Stream.of(parts)
              .flatMap(
                  part -> part instanceof Counted<?> c ? c.simpleParts.stream() : Stream.of(part))
              .toList();
      this.versions = new PartVersions(name, simpleParts);
    }

    @Override
    public final int id() {
      return id;
    }

    @Override
    public final int version() {
      return versions.version();
    }

    @Override
    public final boolean reads(int version) {
      return versions.reads(version);
    }

    @Override
    public final C decode(ByteBuffer from) {
      int size = Parts.next(BoxedCodecs.INTEGER, from);
      if (size < 0) {
        throw new CodecException("found " + size + " parts in an object of " + this);
      }
      C object = decode(from, size);
      Parts.requireEnd(from, this);
      return object;
    }

    abstract C decode(ByteBuffer from, int size);

    /** Room for what is there, and not for what a damaged number says. */
    static int room(int size) {
      return Math.min(size, MAX_ROOM);
    }

    @Override
    public final String toString() {
      return name;
    }
  }

  static <E> Codec<List<E>> list(Codec<E> elements) {
    return new Counted<>(1, "List<" + elements + ">", elements) {
      @Override
      public int length(List<E> list) {
        if (elements instanceof FixedCodec<E> fixed) {
          return Parts.addFixed(Integer.BYTES, fixed, list.size());
        }
        int length = Integer.BYTES;
        for (E element : list) {
          length = Parts.add(length, elements, element);
        }
        return length;
      }

      @Override
      public void encode(List<E> list, ByteBuffer to) {
        to.putInt(list.size());
        for (E element : list) {
          Parts.put(elements, element, to);
        }
      }

      @Override
      List<E> decode(ByteBuffer from, int size) {
        List<E> list = new ArrayList<>(room(size));
        for (int i = 0; i < size; i++) {
          list.add(Parts.next(elements, from));
        }
        return Collections.unmodifiableList(list);
      }
    };
  }

  static <K, V> Codec<Map<K, V>> map(Codec<K> keys, Codec<V> values) {
    return new Counted<>(2, "Map<" + keys + ", " + values + ">", keys, values) {
      @Override
      public int length(Map<K, V> map) {
        int length = Integer.BYTES;
        for (Map.Entry<K, V> entry : map.entrySet()) {
          length = Parts.add(length, keys, entry.getKey());
          length = Parts.add(length, values, entry.getValue());
        }
        return length;
      }

      @Override
      public void encode(Map<K, V> map, ByteBuffer to) {
        to.putInt(map.size());
        for (Map.Entry<K, V> entry : map.entrySet()) {
          Parts.put(keys, entry.getKey(), to);
          Parts.put(values, entry.getValue(), to);
        }
      }

      @Override
      Map<K, V> decode(ByteBuffer from, int size) {
        Map<K, V> map = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
          K key = Parts.next(keys, from);
          if (map.put(key, Parts.next(values, from)) != null) {
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
      public int length(Optional<E> optional) {
        return optional.map(e -> Parts.add(Integer.BYTES, elements, e)).orElse(Integer.BYTES);
      }

      @Override
      public void encode(Optional<E> optional, ByteBuffer to) {
        to.putInt(optional.isPresent() ? 1 : 0);
        optional.ifPresent(e -> Parts.put(elements, e, to));
      }

      @Override
      Optional<E> decode(ByteBuffer from, int size) {
        if (size > 1) {
          throw new CodecException("found " + size + " parts in an object of " + this);
        }
        return size == 0 ? Optional.empty() : Optional.of(Parts.next(elements, from));
      }
    };
  }
}
