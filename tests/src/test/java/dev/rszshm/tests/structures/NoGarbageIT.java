package dev.rszshm.tests.structures;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.list.SharedLongList;
import dev.rszshm.structures.map.SharedLongMap;
import dev.rszshm.structures.struct.Block;
import dev.rszshm.structures.struct.IntField;
import dev.rszshm.structures.struct.Length;
import dev.rszshm.structures.struct.LongField;
import dev.rszshm.structures.struct.StructLayout;
import dev.rszshm.testkit.process.WorkerContext;
import dev.rszshm.testkit.process.WorkerJob;
import dev.rszshm.testkit.process.WorkerJvm;
import dev.rszshm.testkit.process.WorkerProcess;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * What makes no garbage once it is compiled. Which objects the compiler removes depends on all that
 * a JVM has done before; so each is measured in a JVM that does nothing else and compiles as soon
 * as it counts.
 */
class NoGarbageIT {
  private static final int ROUNDS = 100;
  private static final List<String> COMPILED_AT_ONCE =
      List.of("-Xbatch", "-XX:-TieredCompilation", "-XX:+UseSerialGC", "-Xmx256m");

  /** Says how many bytes a round has made that made the fewest. */
  abstract static class Measured implements WorkerJob {
    /** Prepares a heap, and returns what is to be measured. */
    abstract Runnable round(Heap heap);

    @Override
    public void run(WorkerContext worker) {
      ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long id = Thread.currentThread().getId();
      try (Heap heap = Heap.builder().span(1L << 30).createAnonymous()) {
        Runnable round = round(heap);
        long least = Long.MAX_VALUE;
        for (int i = 0; i < ROUNDS; i++) {
          long before = thread.getThreadAllocatedBytes(id);
          round.run();
          least = Math.min(least, thread.getThreadAllocatedBytes(id) - before);
        }
        worker.say(least);
      }
    }
  }

  private static void assertNoGarbage(Class<? extends Measured> job) {
    try (WorkerProcess worker = WorkerJvm.of(job).withOnly(COMPILED_AT_ONCE).start()) {
      assertEquals("0", worker.next(), "bytes a round of " + job.getSimpleName());
      worker.awaitSuccess();
    }
  }

  /** Fields of a struct. */
  public record Order(int amount, @Length(3) int[] parts, long hits) {}

  /** Gets and sets fields: atomic changes make as much as those of the heap do. */
  public static final class Fields extends Measured {
    private static final StructLayout<Order> ORDER = StructLayout.of(Order.class);
    private static final IntField<Order> AMOUNT = ORDER.intField("amount");
    private static final IntField<Order> PARTS = ORDER.intField("parts");
    private static final LongField<Order> HITS = ORDER.longField("hits");

    @Override
    Runnable round(Heap heap) {
      long at = heap.dataOffset();
      return () -> {
        for (int i = 0; i < 20_000; i++) {
          AMOUNT.set(heap, at, i);
          PARTS.set(heap, at, i % 3, AMOUNT.get(heap, at));
          Block<Order> order = Block.at(at);
          HITS.setRelease(heap, order, HITS.getAcquire(heap, order) + PARTS.get(heap, order, 1));
        }
      };
    }
  }

  @Test
  void accessToAFieldMakesNone() {
    assertNoGarbage(Fields.class);
  }

  /** All that a list of longs does with one element. */
  public static final class Elements extends Measured {
    @Override
    Runnable round(Heap heap) {
      SharedLongList list = SharedLongList.named(Allocator.on(heap), "list");
      LongStream.range(0, 100_000).forEach(list::append);
      return () -> {
        for (int i = 0; i < 1000; i++) {
          list.set(i, list.get(i) + 1);
          list.addAndGet(i, 1);
          list.compareAndSet(i, 1, 2);
        }
      };
    }
  }

  @Test
  void noMethodOfOneElementOfAListMakesAny() {
    assertNoGarbage(Elements.class);
  }

  /** All that a map does with a number, and getting bytes. */
  public static final class Entries extends Measured {
    @Override
    Runnable round(Heap heap) {
      SharedLongMap map = SharedLongMap.named(Allocator.on(heap), "map");
      for (long key = 0; key < 1000; key++) {
        map.putLong(key, key);
        map.put(key + 1000, new byte[64]);
      }
      byte[] into = new byte[64];
      return () -> {
        for (long key = 0; key < 1000; key++) {
          map.getLong(key, 0);
          map.addAndGet(key, 1);
          map.putLong(key, key);
          map.compareAndSetLong(key, key, key + 1);
          map.get(key + 1000, into);
        }
      };
    }
  }

  @Test
  void readingAndChangingNumbersOfAMapMakesNone() {
    assertNoGarbage(Entries.class);
  }
}
