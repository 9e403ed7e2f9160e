package dev.rszshm.structures.list;

import dev.rszshm.heap.Heap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers of which none comes twice in a list, whoever takes them, and whoever dies. Each object
 * takes a range of them from the heap, by one addition, and gives out one after the other; what is
 * left of a range is given to nobody.
 */
final class Stamps {
  private static final int RANGE_BITS = 20;
  private static final long IN_RANGE = (1L << RANGE_BITS) - 1;

  private final Heap heap;
  private final long ranges;
  private final long seed;
  private final AtomicLong next = new AtomicLong();

  Stamps(Heap heap, long list, long seed) {
    this.heap = heap;
    this.ranges = list + ListLayout.RANGES;
    this.seed = seed;
  }

  long next() {
    while (true) {
      long stamp = next.get();
      if ((stamp & IN_RANGE) != 0) {
        if (next.compareAndSet(stamp, stamp + 1)) {
          return stamp ^ seed;
        }
        continue;
      }
      long first = (heap.getAndAddLong(ranges, 1) << RANGE_BITS) + 1;
      if (next.compareAndSet(stamp, first + 1)) {
        return first ^ seed;
      }
    }
  }
}
