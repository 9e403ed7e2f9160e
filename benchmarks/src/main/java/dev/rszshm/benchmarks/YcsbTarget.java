package dev.rszshm.benchmarks;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.map.SharedLongMap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import net.openhft.chronicle.map.ChronicleMap;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.Txn;

/**
 * A map of numbers to bytes of one length that all members share, of one kind. A JVM of the
 * benchmark uses one kind only, so the compiler knows which.
 */
interface YcsbTarget {
  String SHARED = "SharedLongMap";
  String CHRONICLE = "Chronicle Map";
  String LMDB = "lmdbjava";

  /** More than any map of the benchmark takes. */
  long LARGE = 16L << 30;

  /** Finds or makes the map in the directory of the members. */
  static YcsbTarget of(String name, Path directory, int entries, int valueLength)
      throws IOException {
    return switch (name) {
      case SHARED -> new Shared(directory);
      case CHRONICLE -> new Chronicle(directory, entries, valueLength);
      case LMDB -> new Lmdb(directory, valueLength);
      default -> throw new IllegalArgumentException("unknown kind of map " + name);
    };
  }

  void put(long key, byte[] value);

  /** Copies a value; returns its length, or -1 if there is none. */
  int get(long key, byte[] into);

  /** Of ours. */
  final class Shared implements YcsbTarget {
    private final SharedLongMap map;

    Shared(Path directory) {
      Heap heap = Heap.builder().span(LARGE).length(1 << 20).open(directory.resolve("heap"));
      map = SharedLongMap.named(Allocator.on(heap), "map");
    }

    @Override
    public void put(long key, byte[] value) {
      map.put(key, value);
    }

    @Override
    public int get(long key, byte[] into) {
      return map.get(key, into);
    }
  }

  /** Of files that all map. */
  final class Chronicle implements YcsbTarget {
    private final ChronicleMap<Long, byte[]> map;
    private byte[] last;

    Chronicle(Path directory, int entries, int valueLength) throws IOException {
      map =
          ChronicleMap.of(Long.class, byte[].class)
              .entries(entries)
              .constantValueSizeBySample(new byte[valueLength])
              .putReturnsNull(true)
              .createPersistedTo(directory.resolve("chronicle").toFile());
    }

    @Override
    public void put(long key, byte[] value) {
      map.put(key, value);
    }

    @Override
    public int get(long key, byte[] into) {
      last = map.getUsing(key, last);
      if (last == null) {
        return -1;
      }
      System.arraycopy(last, 0, into, 0, last.length);
      return last.length;
    }
  }

  /** Each put is a transaction, and nothing is written to a disk; a read renews its own. */
  final class Lmdb implements YcsbTarget {
    private final Env<ByteBuffer> env;
    private final Dbi<ByteBuffer> data;
    private final ByteBuffer key =
        ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder());
    private final ByteBuffer content;
    private final Txn<ByteBuffer> reading;

    Lmdb(Path directory, int valueLength) {
      env =
          Env.create()
              .setMapSize(LARGE)
              .setMaxDbs(1)
              .open(
                  directory.resolve("lmdb").toFile(),
                  EnvFlags.MDB_NOSUBDIR,
                  EnvFlags.MDB_NOSYNC,
                  EnvFlags.MDB_WRITEMAP);
      data = env.openDbi("map", DbiFlags.MDB_CREATE, DbiFlags.MDB_INTEGERKEY);
      content = ByteBuffer.allocateDirect(valueLength);
      reading = env.txnRead();
      reading.reset();
    }

    private ByteBuffer key(long number) {
      return key.clear().putLong(number).flip();
    }

    @Override
    public void put(long number, byte[] value) {
      data.put(key(number), content.clear().put(value).flip());
    }

    @Override
    public int get(long number, byte[] into) {
      reading.renew();
      try {
        ByteBuffer found = data.get(reading, key(number));
        if (found == null) {
          return -1;
        }
        int length = found.remaining();
        found.get(into, 0, length);
        return length;
      } finally {
        reading.reset();
      }
    }
  }
}
