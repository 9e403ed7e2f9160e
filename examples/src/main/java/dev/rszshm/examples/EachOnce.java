package dev.rszshm.examples;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.bitset.SharedBitSet;
import java.nio.file.Path;

/**
 * Several programs share out numbers, by a bit for each: whoever sets it has the number.
 *
 * <pre>{@code
 * for i in 1 2 3; do java … dev.rszshm.examples.EachOnce /dev/shm/numbers 1000000 & done
 * }</pre>
 */
public final class EachOnce {
  private EachOnce() {}

  /** Takes the path of the heap, and how many numbers there are. */
  public static void main(String[] args) {
    long count = Long.parseLong(args[1]);
    try (Heap heap = Heap.builder().open(Path.of(args[0]));
        Allocator allocator = Allocator.on(heap)) {
      SharedBitSet taken = SharedBitSet.named(allocator, "taken");
      long own = 0;
      for (long i = taken.nextClearBit(0).orElse(count); i < count; i++) {
        own += taken.getAndSet(i) ? 0 : 1;
      }
      System.out.println("has " + own + " of " + taken.cardinality());
    }
  }
}
