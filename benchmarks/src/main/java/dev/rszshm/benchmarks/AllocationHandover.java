package dev.rszshm.benchmarks;

import dev.rszshm.heap.Heap;

/** Even members allocate blocks, odd ones free them; each pair has a ring between them. */
final class AllocationHandover extends AllocationWork {
  private static final int BATCH = 64;

  private final Heap heap;
  private final int ring;
  private final int least;
  private final int most;

  AllocationHandover(AllocationMember member, int least, int most) {
    super(member);
    this.heap = member.area.heap;
    this.ring = member.number / 2;
    this.least = least;
    this.most = most;
  }

  @Override
  long lap() {
    return me.number % 2 == 0 ? produce() : consume();
  }

  private long produce() {
    long tail = heap.getLong(me.area.tail(ring));
    long head = heap.getLongAcquire(me.area.head(ring));
    for (int i = 1; i <= me.operations; i++) {
      while (tail - head == AllocationArea.RING) {
        head = heap.getLongAcquire(me.area.head(ring));
        if (tail - head == AllocationArea.RING) {
          me.pause();
        }
      }
      int size = least == most ? least : least + me.below(most - least + 1);
      heap.putLong(me.area.cell(ring, tail++), me.allocate(size, i));
      if (tail % BATCH == 0 || i == me.operations) {
        heap.putLongRelease(me.area.tail(ring), tail);
      }
    }
    return 0;
  }

  private long consume() {
    long head = heap.getLong(me.area.head(ring));
    long sum = 0;
    for (long left = me.operations; left > 0; ) {
      long end = Math.min(heap.getLongAcquire(me.area.tail(ring)), head + BATCH);
      if (end == head) {
        me.pause();
        continue;
      }
      left -= end - head;
      sum += take(head, end);
      head = end;
      heap.putLongRelease(me.area.head(ring), head);
    }
    if (sum != me.operations * (me.operations + 1L) / 2) {
      throw new IllegalStateException("the consumer found other blocks than the producer made");
    }
    return me.operations;
  }

  private long take(long from, long end) {
    long sum = 0;
    for (long i = from; i < end; i++) {
      long block = heap.getLong(me.area.cell(ring, i));
      sum += me.target.get(block);
      me.free(block);
    }
    return sum;
  }
}
