package dev.rszshm.benchmarks;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.map.SharedLongMap;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import net.openhft.chronicle.map.ChronicleMap;

/**
 * A map of numbers to bytes, of one kind. A JVM of the benchmark uses one kind only, so the
 * compiler knows which.
 */
abstract class MapTarget implements AutoCloseable {
  static final String SHARED = "SharedLongMap";
  static final String CHRONICLE = "Chronicle Map";

  /** Of the JVM, so for one process. */
  static final String CONCURRENT = "ConcurrentHashMap";

  private static final long LARGE = 16L << 30;

  /** Makes an empty map, in memory that has to be taken first. */
  static MapTarget of(String name, int entries, int valueLength) throws IOException {
    return switch (name) {
      case SHARED -> new Shared();
      case CONCURRENT -> new Concurrent();
      case CHRONICLE -> new Chronicle(entries, valueLength);
      default -> throw new IllegalArgumentException("unknown kind of map " + name);
    };
  }

  abstract void put(long key, byte[] value);

  /** Copies a value; returns its length. */
  abstract int get(long key, byte[] into);

  /** Bytes that it takes, outside of the JVM's heap. */
  abstract long bytes();

  @Override
  public void close() {}

  private static final class Shared extends MapTarget {
    private final Heap heap = Heap.builder().span(LARGE).length(1 << 20).createAnonymous();
    private final Allocator allocator = Allocator.on(heap);
    private final SharedLongMap map = SharedLongMap.named(allocator, "map");

    @Override
    void put(long key, byte[] value) {
      map.put(key, value);
    }

    @Override
    int get(long key, byte[] into) {
      return map.get(key, into);
    }

    @Override
    long bytes() {
      return allocator.statistics().used();
    }

    @Override
    public void close() {
      heap.close();
    }
  }

  private static final class Concurrent extends MapTarget {
    private final Map<Long, byte[]> map = new ConcurrentHashMap<>();

    @Override
    void put(long key, byte[] value) {
      map.put(key, value.clone());
    }

    @Override
    int get(long key, byte[] into) {
      byte[] value = map.get(key);
      System.arraycopy(value, 0, into, 0, value.length);
      return value.length;
    }

    @Override
    long bytes() {
      return 0;
    }
  }

  private static final class Chronicle extends MapTarget {
    private final ChronicleMap<Long, byte[]> map;
    private byte[] last;

    Chronicle(int entries, int valueLength) throws IOException {
      map =
          ChronicleMap.of(Long.class, byte[].class)
              .entries(entries)
              .averageValueSize(valueLength)
              .putReturnsNull(true)
              .create();
    }

    @Override
    void put(long key, byte[] value) {
      map.put(key, value);
    }

    @Override
    int get(long key, byte[] into) {
      last = map.getUsing(key, last);
      System.arraycopy(last, 0, into, 0, last.length);
      return last.length;
    }

    @Override
    long bytes() {
      return map.offHeapMemoryUsed();
    }

    @Override
    public void close() {
      map.close();
    }
  }
}
