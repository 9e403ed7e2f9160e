package dev.rszshm.cli.bench;

import dev.rszshm.cli.bench.Work.Pair;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.map.SharedMap;
import dev.rszshm.structures.queue.SharedQueue;
import dev.rszshm.structures.sorted.OrderedCodecs;
import dev.rszshm.structures.sorted.SharedSortedMap;
import dev.rszshm.structures.sorted.SortedMapSpec;
import dev.rszshm.sync.Mutex;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import sun.misc.Unsafe;

/** All that can be measured. */
public final class Works {
  /** Words that are read and written in no order. */
  private static final int WORDS = 1 << 17;

  /** Bytes that are claimed one by one, over and over. */
  private static final int BYTES = 1 << 20;

  private static final int ENTRIES = 1 << 16;
  private static final int VALUE = 64;

  /** An odd number, by which one comes to every number below a power of two. */
  private static final int STRIDE = 0x9e37_79b1;

  private static final List<Work> ALL =
      List.of(
          new Work("access", "read, add, write a long, in no order", "long[]", 1.1, Works::access),
          new Work(
              "claim",
              "claim a byte by a counter, and write it",
              "AtomicLong, byte[]",
              1.2,
              Works::claim),
          new Work("allocate", "allocate and free 64 bytes", "Unsafe", 0.33, Works::allocate),
          new Work("lock", "lock and unlock a mutex", "ReentrantLock", 1.1, Works::lock),
          new Work(
              "map-get",
              "get a value of 64 bytes by a number",
              "ConcurrentHashMap",
              2,
              Works::mapGet),
          new Work(
              "map-put", "replace a value of 64 bytes", "ConcurrentHashMap", 4.5, Works::mapPut),
          new Work(
              "sorted-get",
              "get a value of 64 bytes by a number",
              "ConcurrentSkipListMap",
              0.37,
              Works::sortedGet),
          new Work(
              "queue",
              "put and take a message of 64 bytes",
              "ConcurrentLinkedQueue",
              5,
              Works::queue));

  private Works() {}

  /** Returns all, in the order in which they are measured. */
  public static List<Work> all() {
    return ALL;
  }

  private static Pair access(BenchHeap scene) {
    Heap heap = scene.heap;
    long block = scene.allocator.allocateZeroed(8L * WORDS);
    long[] array = new long[WORDS];
    return new Pair(
        operations -> {
          long sum = 0;
          for (int i = 0; i < operations; i++) {
            long word = block + 8L * (i * STRIDE & WORDS - 1);
            long value = heap.getLong(word) + 1;
            heap.putLong(word, value);
            sum += value;
          }
          return sum;
        },
        operations -> {
          long sum = 0;
          for (int i = 0; i < operations; i++) {
            int word = i * STRIDE & WORDS - 1;
            long value = array[word] + 1;
            array[word] = value;
            sum += value;
          }
          return sum;
        });
  }

  private static Pair claim(BenchHeap scene) {
    Heap heap = scene.heap;
    long counter = scene.allocator.allocateZeroed(8);
    long bytes = scene.allocator.allocateZeroed(BYTES);
    AtomicLong ours = new AtomicLong();
    byte[] array = new byte[BYTES];
    return new Pair(
        operations -> {
          long sum = 0;
          for (int i = 0; i < operations; i++) {
            long claimed = heap.getAndAddLong(counter, 1);
            heap.putByte(bytes + (claimed & BYTES - 1), (byte) claimed);
            sum += claimed;
          }
          return sum;
        },
        operations -> {
          long sum = 0;
          for (int i = 0; i < operations; i++) {
            long claimed = ours.getAndAdd(1);
            array[(int) claimed & BYTES - 1] = (byte) claimed;
            sum += claimed;
          }
          return sum;
        });
  }

  private static Pair allocate(BenchHeap scene) throws ReflectiveOperationException {
    Heap heap = scene.heap;
    Field field = Unsafe.class.getDeclaredField("theUnsafe");
    field.setAccessible(true);
    Unsafe unsafe = (Unsafe) field.get(null);
    return new Pair(
        operations -> {
          long sum = 0;
          for (int i = 0; i < operations; i++) {
            long block = scene.allocator.allocate(VALUE);
            heap.putLong(block, i);
            sum += block;
            scene.allocator.free(block);
          }
          return sum;
        },
        operations -> {
          long sum = 0;
          for (int i = 0; i < operations; i++) {
            long block = unsafe.allocateMemory(VALUE);
            unsafe.putLong(block, i);
            sum += block;
            unsafe.freeMemory(block);
          }
          return sum;
        });
  }

  private static Pair lock(BenchHeap scene) {
    return new Pair(
        locking(Mutex.at(scene.heap, scene.allocator.allocateZeroed(Mutex.LENGTH))),
        locking(new ReentrantLock()));
  }

  private static Loop locking(Lock lock) {
    long[] number = new long[1];
    return operations -> {
      for (int i = 0; i < operations; i++) {
        lock.lock();
        try {
          number[0]++;
        } finally {
          lock.unlock();
        }
      }
      return number[0];
    };
  }

  private static Map<Long, byte[]> filled(Map<Long, byte[]> map) {
    for (long i = 0; i < ENTRIES; i++) {
      map.put(i * STRIDE & ENTRIES - 1, new byte[VALUE]);
    }
    return map;
  }

  private static Map<Long, byte[]> shared(BenchHeap scene) {
    return filled(SharedMap.named(scene.allocator, "map", Codecs.longs(), Codecs.byteArrays()));
  }

  private static Pair mapGet(BenchHeap scene) {
    return new Pair(
        getting(shared(scene), false), getting(filled(new ConcurrentHashMap<>()), true));
  }

  /** Reads values; where the map gives out its own arrays, copies of them. */
  private static Loop getting(Map<Long, byte[]> map, boolean copies) {
    return operations -> {
      long sum = 0;
      for (int i = 0; i < operations; i++) {
        byte[] value = Objects.requireNonNull(map.get((long) (i * STRIDE & ENTRIES - 1)));
        sum += copies ? value.clone().length : value.length;
      }
      return sum;
    };
  }

  private static Pair mapPut(BenchHeap scene) {
    return new Pair(
        putting(shared(scene), false), putting(filled(new ConcurrentHashMap<>()), true));
  }

  private static Loop putting(Map<Long, byte[]> map, boolean copies) {
    byte[] value = new byte[VALUE];
    return operations -> {
      for (int i = 0; i < operations; i++) {
        value[0] = (byte) i;
        map.put((long) (i * STRIDE & ENTRIES - 1), copies ? value.clone() : value);
      }
      return value[0];
    };
  }

  private static Pair sortedGet(BenchHeap scene) {
    Map<Long, byte[]> ours =
        SharedSortedMap.named(
            scene.allocator,
            "sorted",
            SortedMapSpec.of(OrderedCodecs.longs(), Codecs.byteArrays()));
    return new Pair(
        getting(filled(ours), false), getting(filled(new ConcurrentSkipListMap<>()), true));
  }

  private static Pair queue(BenchHeap scene) {
    return new Pair(
        passing(SharedQueue.named(scene.allocator, "queue", Codecs.byteArrays()), false),
        passing(new ConcurrentLinkedQueue<>(), true));
  }

  private static Loop passing(Queue<byte[]> queue, boolean copies) {
    byte[] message = new byte[VALUE];
    return operations -> {
      long sum = 0;
      for (int i = 0; i < operations; i++) {
        message[0] = (byte) i;
        queue.add(copies ? message.clone() : message);
        sum += queue.remove()[0];
      }
      return sum;
    };
  }
}
