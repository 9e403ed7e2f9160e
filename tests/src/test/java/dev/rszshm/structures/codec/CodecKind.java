package dev.rszshm.structures.codec;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.structures.counters.CounterMap;
import dev.rszshm.structures.list.SharedList;
import dev.rszshm.structures.map.MapSpec;
import dev.rszshm.structures.map.SharedMap;
import dev.rszshm.structures.queue.QueueSpec;
import dev.rszshm.structures.queue.RingLog;
import dev.rszshm.structures.queue.RingLogSpec;
import dev.rszshm.structures.queue.SharedDeque;
import dev.rszshm.structures.queue.SharedQueue;
import dev.rszshm.structures.sorted.OrderedCodec;
import dev.rszshm.structures.sorted.OrderedCodecs;
import dev.rszshm.structures.sorted.SharedSortedMap;
import dev.rszshm.structures.sorted.SortedMapSpec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The parts of structures that have a codec, and how each is used. */
enum CodecKind {
  MAP_KEYS("keys of the map", 40) {
    @Override
    <T> Handle<T> open(Allocator allocator, Codec<T> codec) {
      return keysOf(SharedMap.named(allocator, NAME, codec, Codecs.longs(), MAP));
    }

    @Override
    <T> Optional<Handle<T>> find(Allocator allocator, Codec<T> codec) {
      return SharedMap.find(allocator, NAME, codec, Codecs.longs()).map(CodecKind::keysOf);
    }

    @Override
    Optional<Handle<byte[]>> findBytes(Allocator allocator) {
      return SharedMap.find(allocator, NAME).map(CodecKind::rawKeys);
    }

    @Override
    boolean remove(Allocator allocator, Codec<?> codec) {
      return SharedMap.remove(allocator, NAME, MAP);
    }
  },

  MAP_VALUES("values of the map", 48) {
    @Override
    <T> Handle<T> open(Allocator allocator, Codec<T> codec) {
      return valuesOf(SharedMap.named(allocator, NAME, Codecs.longs(), codec, MAP));
    }

    @Override
    <T> Optional<Handle<T>> find(Allocator allocator, Codec<T> codec) {
      return SharedMap.find(allocator, NAME, Codecs.longs(), codec).map(CodecKind::valuesOf);
    }

    @Override
    Optional<Handle<byte[]>> findBytes(Allocator allocator) {
      return SharedMap.find(allocator, NAME).map(CodecKind::rawValues);
    }

    @Override
    boolean remove(Allocator allocator, Codec<?> codec) {
      return SharedMap.remove(allocator, NAME, MAP);
    }
  },

  SORTED_KEYS("keys of the sorted map", 40) {
    @Override
    <T> Handle<T> open(Allocator allocator, Codec<T> codec) {
      return sortedKeys(SharedSortedMap.named(allocator, NAME, spec(codec)));
    }

    private <T> SortedMapSpec<T, Long> spec(Codec<T> codec) {
      return new SortedMapSpec<>(new Ordered<>(codec), Codecs.longs(), NODE_LENGTH);
    }

    @Override
    <T> Optional<Handle<T>> find(Allocator allocator, Codec<T> codec) {
      return SharedSortedMap.find(allocator, NAME).map(found -> open(allocator, codec));
    }

    @Override
    Optional<Handle<byte[]>> findBytes(Allocator allocator) {
      return SharedSortedMap.find(allocator, NAME).map(CodecKind::rawKeys);
    }

    @Override
    boolean remove(Allocator allocator, Codec<?> codec) {
      return SharedSortedMap.remove(allocator, NAME, spec(codec));
    }
  },

  SORTED_VALUES("values of the sorted map", 48) {
    @Override
    <T> Handle<T> open(Allocator allocator, Codec<T> codec) {
      return sortedValues(SharedSortedMap.named(allocator, NAME, spec(codec)));
    }

    private <T> SortedMapSpec<Long, T> spec(Codec<T> codec) {
      return new SortedMapSpec<>(OrderedCodecs.longs(), codec, NODE_LENGTH);
    }

    @Override
    <T> Optional<Handle<T>> find(Allocator allocator, Codec<T> codec) {
      return SharedSortedMap.find(allocator, NAME).map(found -> open(allocator, codec));
    }

    @Override
    Optional<Handle<byte[]>> findBytes(Allocator allocator) {
      return SharedSortedMap.find(allocator, NAME).map(CodecKind::rawValues);
    }

    @Override
    boolean remove(Allocator allocator, Codec<?> codec) {
      return SharedSortedMap.remove(allocator, NAME, spec(codec));
    }
  },

  QUEUE("elements of the queue", 24) {
    @Override
    <T> Handle<T> open(Allocator allocator, Codec<T> codec) {
      return queue(
          SharedQueue.named(
              allocator, NAME, codec, QueueSpec.unbounded().withSegmentLength(SEGMENT_LENGTH)));
    }

    @Override
    <T> Optional<Handle<T>> find(Allocator allocator, Codec<T> codec) {
      return SharedQueue.find(allocator, NAME, codec).map(CodecKind::queue);
    }

    @Override
    Optional<Handle<byte[]>> findBytes(Allocator allocator) {
      return SharedQueue.find(allocator, NAME).map(CodecKind::queue);
    }

    @Override
    boolean remove(Allocator allocator, Codec<?> codec) {
      return SharedQueue.remove(allocator, NAME);
    }
  },

  DEQUE("elements of the deque", 24) {
    @Override
    <T> Handle<T> open(Allocator allocator, Codec<T> codec) {
      return deque(SharedDeque.named(allocator, NAME, codec));
    }

    @Override
    <T> Optional<Handle<T>> find(Allocator allocator, Codec<T> codec) {
      return SharedDeque.find(allocator, NAME, codec).map(CodecKind::deque);
    }

    @Override
    Optional<Handle<byte[]>> findBytes(Allocator allocator) {
      return SharedDeque.find(allocator, NAME).map(CodecKind::deque);
    }

    @Override
    boolean remove(Allocator allocator, Codec<?> codec) {
      return SharedDeque.remove(allocator, NAME);
    }
  },

  LIST("elements of the list", 32) {
    @Override
    <T> Handle<T> open(Allocator allocator, Codec<T> codec) {
      return list(SharedList.named(allocator, NAME, codec));
    }

    @Override
    <T> Optional<Handle<T>> find(Allocator allocator, Codec<T> codec) {
      return SharedList.find(allocator, NAME, codec).map(CodecKind::list);
    }

    @Override
    Optional<Handle<byte[]>> findBytes(Allocator allocator) {
      return SharedList.find(allocator, NAME).map(CodecKind::list);
    }

    @Override
    boolean remove(Allocator allocator, Codec<?> codec) {
      return SharedList.remove(allocator, NAME);
    }
  },

  LOG("entries of the log", 24) {
    @Override
    <T> Handle<T> open(Allocator allocator, Codec<T> codec) {
      return log(RingLog.named(allocator, NAME, codec, RingLogSpec.of(4, 100)));
    }

    @Override
    <T> Optional<Handle<T>> find(Allocator allocator, Codec<T> codec) {
      return RingLog.find(allocator, NAME, codec).map(CodecKind::log);
    }

    @Override
    Optional<Handle<byte[]>> findBytes(Allocator allocator) {
      return RingLog.find(allocator, NAME).map(CodecKind::log);
    }

    @Override
    boolean remove(Allocator allocator, Codec<?> codec) {
      return allocator.removeRoot(NAME);
    }
  },

  COUNTERS("keys of the counter map", 24) {
    @Override
    <T> Handle<T> open(Allocator allocator, Codec<T> codec) {
      return counters(CounterMap.named(allocator, NAME, codec));
    }

    @Override
    <T> Optional<Handle<T>> find(Allocator allocator, Codec<T> codec) {
      return CounterMap.find(allocator, NAME, codec).map(CodecKind::counters);
    }

    @Override
    Optional<Handle<byte[]>> findBytes(Allocator allocator) {
      return CounterMap.find(allocator, NAME).map(CodecKind::counters);
    }

    @Override
    boolean remove(Allocator allocator, Codec<?> codec) {
      return CounterMap.remove(allocator, NAME);
    }
  };

  static final String NAME = "shared";

  private static final MapSpec MAP = MapSpec.standard().withShards(1);
  private static final int NODE_LENGTH = 512;
  private static final int SEGMENT_LENGTH = 256;

  private final String part;
  private final int word;

  /**
   * A part of a structure.
   *
   * @param part what messages call it
   * @param word where its format is in the structure, as the layout says
   */
  CodecKind(String part, int word) {
    this.part = part;
    this.word = word;
  }

  /** A structure that somebody has open. */
  interface Handle<T> {
    void write(T object);

    List<T> read();

    /** Takes an object out, or replaces it by another, and returns it. */
    T take(T another);

    CodecFormat format();

    List<String> check();
  }

  abstract <T> Handle<T> open(Allocator allocator, Codec<T> codec);

  abstract <T> Optional<Handle<T>> find(Allocator allocator, Codec<T> codec);

  abstract Optional<Handle<byte[]>> findBytes(Allocator allocator);

  abstract boolean remove(Allocator allocator, Codec<?> codec);

  String part() {
    return part;
  }

  boolean isOfKeys() {
    return part.startsWith("keys");
  }

  /** The offset of the word with the format, in the heap. */
  long word(Allocator allocator) {
    long block = allocator.get(allocator.findRoot(NAME).orElseThrow().slot());
    return ((block + 63) & -64) + word;
  }

  static <K, V> SharedMap<K, V> map(Allocator allocator, Codec<K> keys, Codec<V> values) {
    return SharedMap.named(allocator, NAME, keys, values, MAP);
  }

  static <K, V> SharedSortedMap<K, V> sortedMap(
      Allocator allocator, Codec<K> keys, Codec<V> values) {
    return SharedSortedMap.named(
        allocator, NAME, new SortedMapSpec<>(new Ordered<>(keys), values, NODE_LENGTH));
  }

  private record Ordered<T>(Codec<T> codec) implements OrderedCodec<T> {
    @Override
    public int id() {
      return codec.id();
    }

    @Override
    public int version() {
      return codec.version();
    }

    @Override
    public boolean reads(int version) {
      return codec.reads(version);
    }

    @Override
    public int length(T object) {
      return codec.length(object);
    }

    @Override
    public void encode(T object, ByteBuffer to) {
      codec.encode(object, to);
    }

    @Override
    public T decode(ByteBuffer from) {
      return codec.decode(from);
    }

    @Override
    public Comparator<? super T> comparator() {
      throw new UnsupportedOperationException("the order is that of the bytes");
    }

    @Override
    public String toString() {
      return codec.toString();
    }
  }

  private static <T> Handle<T> keysOf(SharedMap<T, Long> map) {
    return new Handle<>() {
      @Override
      public void write(T object) {
        map.put(object, 1L);
      }

      @Override
      public List<T> read() {
        List<T> all = List.copyOf(map.keySet());
        all.forEach(key -> assertTrue(map.containsKey(key)));
        return all;
      }

      @Override
      public T take(T another) {
        T key = map.keySet().iterator().next();
        map.remove(key);
        return key;
      }

      @Override
      public CodecFormat format() {
        return map.keyFormat();
      }

      @Override
      public List<String> check() {
        return map.check().findings();
      }
    };
  }

  private static <T> Handle<T> valuesOf(SharedMap<Long, T> map) {
    return new Handle<>() {
      @Override
      public void write(T object) {
        map.put(map.mappingCount(), object);
      }

      @Override
      public List<T> read() {
        List<T> all = new ArrayList<>();
        for (long key = 0; key < map.mappingCount(); key++) {
          all.add(map.get(key));
        }
        assertTrue(map.values().containsAll(all));
        return all;
      }

      @Override
      public T take(T another) {
        return map.put(0L, another);
      }

      @Override
      public CodecFormat format() {
        return map.valueFormat();
      }

      @Override
      public List<String> check() {
        return map.check().findings();
      }
    };
  }

  private static <T> Handle<T> sortedKeys(SharedSortedMap<T, Long> map) {
    return new Handle<>() {
      @Override
      public void write(T object) {
        map.put(object, 1L);
      }

      @Override
      public List<T> read() {
        List<T> all = List.copyOf(map.keySet());
        all.forEach(key -> assertTrue(map.containsKey(key)));
        return all;
      }

      @Override
      public T take(T another) {
        return map.pollFirstEntry().getKey();
      }

      @Override
      public CodecFormat format() {
        return map.keyFormat();
      }

      @Override
      public List<String> check() {
        return map.check().findings();
      }
    };
  }

  private static <T> Handle<T> sortedValues(SharedSortedMap<Long, T> map) {
    return new Handle<>() {
      @Override
      public void write(T object) {
        map.put(map.mappingCount(), object);
      }

      @Override
      public List<T> read() {
        List<T> all = List.copyOf(map.values());
        assertTrue(map.values().containsAll(all));
        return all;
      }

      @Override
      public T take(T another) {
        return map.pollFirstEntry().getValue();
      }

      @Override
      public CodecFormat format() {
        return map.valueFormat();
      }

      @Override
      public List<String> check() {
        return map.check().findings();
      }
    };
  }

  /** A map that is read as bytes, and not written. */
  private record Raw(List<byte[]> read, CodecFormat format, List<String> check)
      implements Handle<byte[]> {
    @Override
    public void write(byte[] object) {
      throw new UnsupportedOperationException();
    }

    @Override
    public byte[] take(byte[] another) {
      throw new UnsupportedOperationException();
    }
  }

  private static Handle<byte[]> rawKeys(SharedMap<byte[], byte[]> map) {
    return new Raw(List.copyOf(map.keySet()), map.keyFormat(), map.check().findings());
  }

  private static Handle<byte[]> rawValues(SharedMap<byte[], byte[]> map) {
    return new Raw(List.copyOf(map.values()), map.valueFormat(), map.check().findings());
  }

  private static Handle<byte[]> rawKeys(SharedSortedMap<byte[], byte[]> map) {
    return new Raw(List.copyOf(map.keySet()), map.keyFormat(), map.check().findings());
  }

  private static Handle<byte[]> rawValues(SharedSortedMap<byte[], byte[]> map) {
    return new Raw(List.copyOf(map.values()), map.valueFormat(), map.check().findings());
  }

  private static <T> Handle<T> queue(SharedQueue<T> queue) {
    return new Handle<>() {
      @Override
      public void write(T object) {
        queue.add(object);
      }

      @Override
      public List<T> read() {
        return List.copyOf(queue);
      }

      @Override
      public T take(T another) {
        return queue.remove();
      }

      @Override
      public CodecFormat format() {
        return queue.format();
      }

      @Override
      public List<String> check() {
        return queue.check().findings();
      }
    };
  }

  private static <T> Handle<T> deque(SharedDeque<T> deque) {
    return new Handle<>() {
      @Override
      public void write(T object) {
        deque.add(object);
      }

      @Override
      public List<T> read() {
        return List.copyOf(deque);
      }

      @Override
      public T take(T another) {
        return deque.removeFirst();
      }

      @Override
      public CodecFormat format() {
        return deque.format();
      }

      @Override
      public List<String> check() {
        return deque.check().findings();
      }
    };
  }

  private static <T> Handle<T> list(SharedList<T> list) {
    return new Handle<>() {
      @Override
      public void write(T object) {
        list.append(object);
      }

      @Override
      public List<T> read() {
        return List.copyOf(list);
      }

      @Override
      public T take(T another) {
        return list.set(0, another);
      }

      @Override
      public CodecFormat format() {
        return list.format();
      }

      @Override
      public List<String> check() {
        return list.check().findings();
      }
    };
  }

  private static <T> Handle<T> log(RingLog<T> log) {
    return new Handle<>() {
      @Override
      public void write(T object) {
        log.append(object);
      }

      @Override
      public List<T> read() {
        List<T> all = new ArrayList<>();
        log.forEach(all::add);
        return all;
      }

      @Override
      public T take(T another) {
        return log.reader().poll().orElseThrow();
      }

      @Override
      public CodecFormat format() {
        return log.format();
      }

      @Override
      public List<String> check() {
        return log.check().findings();
      }
    };
  }

  private static <T> Handle<T> counters(CounterMap<T> counters) {
    return new Handle<>() {
      @Override
      public void write(T object) {
        counters.add(object, 1);
      }

      @Override
      public List<T> read() {
        List<T> all = new ArrayList<>();
        counters.forEach(count -> all.add(count.key()));
        all.forEach(key -> assertTrue(counters.containsKey(key)));
        return all;
      }

      @Override
      public T take(T another) {
        throw new UnsupportedOperationException("keys stay");
      }

      @Override
      public CodecFormat format() {
        return counters.keyFormat();
      }

      @Override
      public List<String> check() {
        return counters.check().findings();
      }
    };
  }
}
