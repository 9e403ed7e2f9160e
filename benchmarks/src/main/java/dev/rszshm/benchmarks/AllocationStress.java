package dev.rszshm.benchmarks;

import java.util.Arrays;

/**
 * Blocks whose lengths lie between 8 and 1024 bytes, and a hundred times that for one in a hundred.
 * A third stays until the next lap, so that what was freed lies between. The others are freed at
 * random, or exchanged with other members. After mstress of mimalloc-bench, where what stays is
 * freed at the end.
 */
final class AllocationStress extends AllocationWork {
  private final long[] retained;
  private final long[] passing;
  private int retainedCount;
  private int passingCount;

  AllocationStress(AllocationMember member) {
    super(member);
    retained = new long[member.operations / 2];
    passing = new long[member.operations];
  }

  private long allocate() {
    long size = 8L << me.below(8);
    return me.allocate(me.percent(1) ? size * 100 : size);
  }

  @Override
  long lap() {
    free(retained, retainedCount);
    retainedCount = 0;
    int pass = me.operations;
    int retain = me.operations / 2;
    while (pass + retain > 0) {
      if (retain == 0 || (pass > 0 && me.percent(50))) {
        pass--;
        passing[passingCount++] = allocate();
      } else {
        retain--;
        retained[retainedCount++] = allocate();
      }
      if (passingCount > 0 && me.percent(66)) {
        freeOne(me.below(passingCount));
      }
      if (passingCount > 0 && me.percent(25)) {
        exchangeOne(me.below(passingCount));
      }
    }
    free(passing, passingCount);
    passingCount = 0;
    return (long) me.operations + me.operations / 2;
  }

  private void freeOne(int index) {
    if (passing[index] != 0) {
      me.free(passing[index]);
      passing[index] = 0;
    }
  }

  private void exchangeOne(int index) {
    long word = me.area.exchange(me.below(AllocationArea.EXCHANGES));
    passing[index] = me.area.heap.getAndSetLong(word, passing[index]);
  }

  private void free(long[] blocks, int count) {
    for (int i = 0; i < count; i++) {
      if (blocks[i] != 0) {
        me.free(blocks[i]);
      }
    }
  }

  @Override
  long liveBytes() {
    long[] exchanged = new long[me.number == 0 ? AllocationArea.EXCHANGES : 0];
    Arrays.setAll(exchanged, i -> me.area.heap.getLongAcquire(me.area.exchange(i)));
    return me.liveBytes(retained, retainedCount) + me.liveBytes(exchanged, exchanged.length);
  }
}
