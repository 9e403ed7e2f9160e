package dev.rszshm.examples;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.struct.Block;
import dev.rszshm.structures.struct.BooleanField;
import dev.rszshm.structures.struct.LongField;
import dev.rszshm.structures.struct.StructLayout;
import dev.rszshm.sync.Mutex;
import dev.rszshm.sync.SharedCondition;
import java.nio.file.Path;

/**
 * One program hands values to another through a place that holds one of them; each waits for a
 * condition until it is its turn.
 *
 * <pre>{@code
 * java … dev.rszshm.examples.HandOver /dev/shm/table give 1000 &
 * java … dev.rszshm.examples.HandOver /dev/shm/table take 1000
 * }</pre>
 */
public final class HandOver {
  record Place(long value, boolean full) {}

  private static final StructLayout<Place> PLACE = StructLayout.of(Place.class);
  private static final LongField<Place> VALUE = PLACE.longField("value");
  private static final BooleanField<Place> FULL = PLACE.booleanField("full");

  private HandOver() {}

  /** Takes the path of the heap, {@code give} or {@code take}, and how many values. */
  public static void main(String[] args) throws InterruptedException {
    boolean gives = args[1].equals("give");
    int times = Integer.parseInt(args[2]);
    try (Heap heap = Heap.builder().open(Path.of(args[0]));
        Allocator allocator = Allocator.on(heap)) {
      Mutex mutex = Mutex.named(allocator, "mutex");
      SharedCondition changed = SharedCondition.named(allocator, "changed", mutex);
      Block<Place> place = PLACE.named(allocator, "place");
      long sum = 0;
      for (int i = 1; i <= times; i++) {
        mutex.lock();
        try {
          // In a loop: somebody else may have been faster, and a wait may end for no reason.
          while (FULL.get(heap, place) == gives) {
            changed.await();
          }
          if (gives) {
            VALUE.set(heap, place, i);
          }
          sum += VALUE.get(heap, place);
          FULL.set(heap, place, gives);
          changed.signal();
        } finally {
          mutex.unlock();
        }
      }
      System.out.println(args[1] + ": " + times + " values, together " + sum);
    }
  }
}
