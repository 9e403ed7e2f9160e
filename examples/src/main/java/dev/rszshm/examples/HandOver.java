package dev.rszshm.examples;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
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
  private static final int FULL = 8;

  private HandOver() {}

  /** Takes the path of the heap, {@code give} or {@code take}, and how many values. */
  public static void main(String[] args) throws InterruptedException {
    boolean gives = args[1].equals("give");
    int times = Integer.parseInt(args[2]);
    try (Heap heap = Heap.builder().open(Path.of(args[0]));
        Allocator allocator = Allocator.on(heap)) {
      Mutex mutex = Mutex.named(allocator, "mutex");
      SharedCondition changed = SharedCondition.named(allocator, "changed", mutex);
      long value = allocator.place("value", 1, 1, 16);
      long sum = 0;
      for (int i = 1; i <= times; i++) {
        mutex.lock();
        try {
          // In a loop: somebody else may have been faster, and a wait may end for no reason.
          while (heap.getInt(value + FULL) == (gives ? 1 : 0)) {
            changed.await();
          }
          if (gives) {
            heap.putLong(value, i);
          }
          sum += heap.getLong(value);
          heap.putInt(value + FULL, gives ? 1 : 0);
          changed.signal();
        } finally {
          mutex.unlock();
        }
      }
      System.out.println(args[1] + ": " + times + " values, together " + sum);
    }
  }
}
