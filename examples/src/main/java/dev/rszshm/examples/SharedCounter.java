package dev.rszshm.examples;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.view.LongCounter;
import java.nio.file.Path;

/**
 * Counts together with all the others that run at the same time. Start it as often as you like,
 * kill some of them: every count that was made is there.
 *
 * <pre>{@code
 * for i in 1 2 3 4; do java … dev.rszshm.examples.SharedCounter /dev/shm/count 1000000 & done; wait
 * }</pre>
 */
public final class SharedCounter {
  private SharedCounter() {}

  /** Takes the path of the heap, and how often to count. */
  public static void main(String[] args) {
    int times = Integer.parseInt(args[1]);
    // Of those who open it at the same time, one makes it and the others attach.
    try (Heap heap = Heap.builder().length(LongCounter.LENGTH).open(Path.of(args[0]))) {
      // A new heap is all zeros, so the counter begins at 0 and nobody has to set it up.
      LongCounter counter = LongCounter.at(heap, heap.dataOffset());
      for (int i = 0; i < times; i++) {
        counter.getAndIncrement();
      }
      System.out.println("counted " + times + ", together " + counter.get());
    }
  }
}
