package dev.rszshm.benchmarks;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.sorted.OrderedCodecs;
import dev.rszshm.structures.sorted.SharedSortedMap;
import dev.rszshm.structures.sorted.SortedMapSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.GetOp;
import org.lmdbjava.Txn;

/**
 * A sorted map of numbers to bytes, of one kind. A JVM of the benchmark uses one kind only. Values
 * that are read become arrays.
 */
abstract class SortedTarget implements AutoCloseable {
  static final String SHARED = "SharedSortedMap";
  static final String LMDB = "lmdbjava";

  /** Of the JVM, so for one process. */
  static final String SKIP_LIST = "ConcurrentSkipListMap";

  private static final long LARGE = 16L << 30;

  /** Makes an empty map. */
  static SortedTarget of(String name) throws IOException {
    return switch (name) {
      case SHARED -> new Shared();
      case SKIP_LIST -> new OfJvm(new ConcurrentSkipListMap<>());
      case LMDB -> new Lmdb();
      default -> throw new IllegalArgumentException("unknown kind of sorted map " + name);
    };
  }

  abstract void put(long key, byte[] value);

  /** Makes what was put visible to reads, if it is not. */
  void commit() {}

  /** Reads a value; returns its length. */
  abstract int get(long key);

  /** Reads entries in order, from a key on; returns the sum of their keys and lengths. */
  abstract long scan(long from, int count);

  @Override
  public void close() {}

  /** Any map of java.util.concurrent. */
  private static class OfJvm extends SortedTarget {
    final ConcurrentNavigableMap<Long, byte[]> map;

    OfJvm(ConcurrentNavigableMap<Long, byte[]> map) {
      this.map = map;
    }

    @Override
    void put(long key, byte[] value) {
      map.put(key, value.clone());
    }

    @Override
    int get(long key) {
      return map.get(key).length;
    }

    @Override
    long scan(long from, int count) {
      long sum = 0;
      int left = count;
      for (Map.Entry<Long, byte[]> entry : map.tailMap(from).entrySet()) {
        sum += entry.getKey() + entry.getValue().length;
        left--;
        if (left == 0) {
          break;
        }
      }
      return sum;
    }
  }

  private static final class Shared extends OfJvm {
    private final SharedSortedMap<Long, byte[]> shared;

    Shared() {
      this(Heap.builder().span(LARGE).length(1 << 20).createAnonymous());
    }

    private Shared(Heap heap) {
      this(
          SharedSortedMap.named(
              Allocator.on(heap),
              "map",
              SortedMapSpec.of(OrderedCodecs.longs(), Codecs.byteArrays())));
    }

    private Shared(SharedSortedMap<Long, byte[]> map) {
      super(map);
      shared = map;
    }

    @Override
    void put(long key, byte[] value) {
      shared.set(key, value);
    }

    @Override
    public void close() {
      shared.heap().close();
    }
  }

  /** All puts are one transaction, and nothing is written to a disk; a read renews its own. */
  private static final class Lmdb extends SortedTarget {
    private final Path directory = Files.createTempDirectory(Path.of("/dev/shm"), "rszshm-lmdb");
    private final Env<ByteBuffer> env =
        Env.create()
            .setMapSize(LARGE)
            .setMaxDbs(1)
            .open(directory.toFile(), EnvFlags.MDB_NOSYNC, EnvFlags.MDB_WRITEMAP);
    private final Dbi<ByteBuffer> data = env.openDbi("map", DbiFlags.MDB_CREATE);
    private final ByteBuffer key = ByteBuffer.allocateDirect(Long.BYTES);
    private Txn<ByteBuffer> writing = env.txnWrite();
    private Txn<ByteBuffer> reading;

    Lmdb() throws IOException {
      try (Stream<Path> files = Files.walk(directory)) { // what is open stays
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    }

    private ByteBuffer key(long number) {
      return key.clear().putLong(number ^ Long.MIN_VALUE).flip();
    }

    @Override
    void put(long number, byte[] value) {
      ByteBuffer bytes = ByteBuffer.allocateDirect(value.length).put(value).flip();
      data.put(writing, key(number), bytes);
    }

    @Override
    void commit() {
      writing.commit();
      reading = env.txnRead();
    }

    private void renew() {
      reading.reset();
      reading.renew();
    }

    private static int read(ByteBuffer value) {
      byte[] bytes = new byte[value.remaining()];
      value.get(bytes);
      return bytes.length;
    }

    @Override
    int get(long number) {
      renew();
      return read(data.get(reading, key(number)));
    }

    @Override
    long scan(long from, int count) {
      renew();
      long sum = 0;
      try (Cursor<ByteBuffer> cursor = data.openCursor(reading)) {
        boolean has = cursor.get(key(from), GetOp.MDB_SET_RANGE);
        for (int i = 0; i < count && has; i++) {
          sum += (cursor.key().getLong() ^ Long.MIN_VALUE) + read(cursor.val());
          has = cursor.next();
        }
      }
      return sum;
    }

    @Override
    public void close() {
      if (reading == null) {
        writing.abort();
      } else {
        reading.close();
      }
      env.close();
    }
  }
}
