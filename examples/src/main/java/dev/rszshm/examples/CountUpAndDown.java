package dev.rszshm.examples;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.sync.Locks;
import dev.rszshm.sync.Mutex;
import java.nio.file.Path;

/**
 * Two programs that change the same number under a mutex, one up and one down. In the end it is
 * zero again. Without the mutex it would not be: each change reads the number and then writes it.
 *
 * <pre>{@code
 * java … dev.rszshm.examples.CountUpAndDown /dev/shm/number 1 1000000 &
 * java … dev.rszshm.examples.CountUpAndDown /dev/shm/number -1 1000000 &
 * wait; java … dev.rszshm.examples.CountUpAndDown /dev/shm/number 0 1
 * }</pre>
 */
public final class CountUpAndDown {
  private CountUpAndDown() {}

  /** Takes the path of the heap, what to add, and how often. */
  public static void main(String[] args) {
    long step = Long.parseLong(args[1]);
    int times = Integer.parseInt(args[2]);
    try (Heap heap = Heap.builder().open(Path.of(args[0]));
        Allocator allocator = Allocator.on(heap)) {
      Mutex mutex = Mutex.named(allocator, "mutex");
      long number = allocator.place("number", 1, 1, Long.BYTES);
      // If the other one is killed with the mutex: the number is whole, so there is nothing to
      // mend.
      mutex.onOwnerDied(() -> {});
      for (int i = 0; i < times; i++) {
        Locks.runLocked(mutex, () -> heap.putLong(number, heap.getLong(number) + step));
      }
      System.out.println("the number is " + heap.getLongVolatile(number));
    }
  }
}
