package dev.rszshm.benchmarks;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The works of the benchmark {@code allocator}, the same as in allocation_works.h, number for
 * number. Every block's first word is written when it was allocated.
 */
final class AllocationWorks {
  private static final Map<String, Function<AllocationMember, AllocationWork>> ALL =
      new LinkedHashMap<>();

  static {
    ALL.put("pair", Pair::new);
    ALL.put("slots", Slots::new);
    ALL.put("churn", Churn::new);
    ALL.put("handover", member -> new AllocationHandover(member, 64, 64));
    ALL.put("threadtest", ThreadTest::new);
    ALL.put("larson", Larson::new);
    // Lever and Boreham, malloc() Performance in a Multithreaded Linux Environment (2000): threads
    // that only allocate, and others that only free.
    ALL.put("xmalloc-test", member -> new AllocationHandover(member, 8, 512));
    ALL.put("mstress", AllocationStress::new);
    ALL.put("cache-scratch", CacheScratch::new);
    ALL.put("sh8bench", Sh8Bench::new);
  }

  private AllocationWorks() {}

  static AllocationWork make(String name, AllocationMember member) {
    if (!ALL.containsKey(name)) {
      throw new IllegalArgumentException(
          "unknown work " + name + ", expected one of " + String.join(", ", ALL.keySet()));
    }
    return ALL.get(name).apply(member);
  }

  /** A block of 64 bytes is allocated and freed. */
  private static final class Pair extends AllocationWork {
    Pair(AllocationMember member) {
      super(member);
    }

    @Override
    long lap() {
      for (int i = 0; i < me.operations; i++) {
        me.free(me.allocate(64, i));
      }
      return me.operations;
    }
  }

  /** The same through a slot. */
  private static final class Slots extends AllocationWork {
    Slots(AllocationMember member) {
      super(member);
    }

    @Override
    long lap() {
      long slot = me.area.given(me.number);
      for (int i = 0; i < me.operations; i++) {
        me.target.allocateIntoAndFreeFrom(slot, 64);
      }
      return me.operations;
    }
  }

  /** Of 10,000 blocks a random one is freed, and another one of 16 to 512 bytes takes its place. */
  private static final class Churn extends AllocationWork {
    private static final int LIVE = 10_000;

    private final long[] blocks = new long[LIVE];

    Churn(AllocationMember member) {
      super(member);
    }

    private long allocate() {
      return me.allocate(16 + me.below(497));
    }

    @Override
    void prepare(int lap) {
      if (lap == 0) {
        Arrays.setAll(blocks, i -> allocate());
      }
    }

    @Override
    long lap() {
      for (int i = 0; i < me.operations; i++) {
        int victim = me.below(LIVE);
        me.free(blocks[victim]);
        blocks[victim] = allocate();
      }
      return me.operations;
    }

    @Override
    long liveBytes() {
      return me.liveBytes(blocks, LIVE);
    }
  }

  /**
   * Members allocate 100,000 blocks of 8 bytes together and free them, again and again. Berger,
   * McKinley, Blumofe, Wilson: Hoard, a Scalable Memory Allocator for Multithreaded Applications
   * (2000).
   */
  private static final class ThreadTest extends AllocationWork {
    private final long[] blocks;

    ThreadTest(AllocationMember member) {
      super(member);
      blocks = new long[Math.min(100_000 / member.members, member.operations)];
    }

    @Override
    long lap() {
      long done = 0;
      while (done < me.operations) {
        for (int i = 0; i < blocks.length; i++) {
          blocks[i] = me.allocate(8, 1);
        }
        for (long block : blocks) {
          me.free(block);
        }
        done += blocks.length;
      }
      return done;
    }
  }

  /**
   * Random blocks of 8 to 1000 bytes are replaced; after each lap another member inherits them.
   * Larson and Krishnan, Memory Allocation for Long-Running Server Applications (1998), where the
   * heir is a new thread.
   */
  private static final class Larson extends AllocationWork {
    private static final int BLOCKS = AllocationArea.LARSON_BLOCKS;

    private final long[] blocks = new long[BLOCKS];
    private long array;

    Larson(AllocationMember member) {
      super(member);
    }

    private long allocate() {
      return me.allocate(8 + me.below(993));
    }

    @Override
    void prepare(int lap) {
      array = me.area.larson((me.number + lap) % me.members);
      Arrays.setAll(
          blocks, i -> lap == 0 ? allocate() : me.area.heap.getLong(array + (long) i * Long.BYTES));
    }

    @Override
    long lap() {
      for (int i = 0; i < me.operations; i++) {
        int victim = me.below(BLOCKS);
        me.free(blocks[victim]);
        blocks[victim] = allocate();
      }
      return me.operations;
    }

    @Override
    void finish() {
      for (int i = 0; i < BLOCKS; i++) {
        me.area.heap.putLong(array + (long) i * Long.BYTES, blocks[i]);
      }
    }

    @Override
    long liveBytes() {
      return me.liveBytes(blocks, BLOCKS);
    }
  }

  /**
   * Each member frees a block that the first one allocated beside those of the others, then writes
   * to small blocks of its own: slow where these are on one cache line with those of others. From
   * Hoard, as threadtest. An operation is a write.
   */
  private static final class CacheScratch extends AllocationWork {
    private static final int WRITES = 1000;

    CacheScratch(AllocationMember member) {
      super(member);
    }

    @Override
    void prepare(int lap) {
      for (int i = 0; me.number == 0 && i < me.members; i++) {
        me.area.heap.putLong(me.area.given(i), me.allocate(8, 0));
      }
    }

    @Override
    long lap() {
      me.free(me.area.heap.getLong(me.area.given(me.number)));
      long done = 0;
      for (; done < me.operations; done += WRITES) {
        long block = me.allocate(8, 0);
        for (int i = 0; i < WRITES; i++) {
          me.target.put(block, me.target.get(block) + 1);
        }
        me.free(block);
      }
      return done;
    }
  }

  /**
   * Many blocks, small ones more often; a third is freed in the order of allocation, a third in the
   * reverse order, and a third by whoever finds it. MicroQuill's sh8bench, as mimalloc-bench
   * describes it.
   */
  private static final class Sh8Bench extends AllocationWork {
    private final long[] blocks;

    Sh8Bench(AllocationMember member) {
      super(member);
      blocks = new long[Math.min(3000, member.operations)];
    }

    @Override
    long lap() {
      int third = blocks.length / 3;
      long done = 0;
      for (; done < me.operations; done += blocks.length) {
        for (int i = 0; i < blocks.length; i++) {
          blocks[i] = me.allocate(8 + me.below(1000) * me.below(1000) / 1000);
        }
        for (int i = 0; i < third; i++) {
          me.free(blocks[i]);
        }
        for (int i = 2 * third - 1; i >= third; i--) {
          me.free(blocks[i]);
        }
        for (int i = 2 * third; i < blocks.length; i++) {
          exchange(blocks[i]);
        }
      }
      return done;
    }

    private void exchange(long block) {
      long word = me.area.exchange(me.below(AllocationArea.EXCHANGES));
      long other = me.area.heap.getAndSetLong(word, block);
      if (other != 0) {
        me.free(other);
      }
    }
  }
}
