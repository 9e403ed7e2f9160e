package dev.rszshm.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.faults.SharedMemoryDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A stack that is full when a heap grows leaves nothing locked, however full it is. */
@Timeout(300)
class DeepGrowthTest {
  private static final int STACK = 200_000;
  private static final int DEPTHS = 400;

  @TempDir(factory = SharedMemoryDirectory.class)
  Path directory;

  private int deepest;
  private boolean grew;

  @Test
  void othersGrowTheHeapAfterAnOverflowAtAnyDepth() throws InterruptedException {
    Path path = directory.resolve("heap");
    try (Heap heap = Heap.builder().span(64 << 20).create(path);
        Heap other =
            Heap.builder().anyAddress().growthTimeout(Duration.ofMinutes(2)).attach(path)) {
      Set<Boolean> outcomes = new HashSet<>();
      for (int i = 0; i < DEPTHS; i++) {
        deepest = 0;
        inThread(() -> growAt(Integer.MAX_VALUE, heap)); // again, since compiled frames are shorter
        int depth = deepest - 4 * i;
        grew = false;
        inThread(() -> growAt(depth, heap));
        outcomes.add(grew);
        long length = other.length();
        assertTrue(other.growTo(length + 4096) > length, "depth " + depth);
      }
      assertEquals(Set.of(true, false), outcomes, "depths with room and without");
    }
  }

  private void growAt(int depth, Heap heap) {
    if (depth > 0) {
      deepest++;
      growAt(depth - 1, heap);
    } else {
      heap.growTo(heap.length() + 4096);
      grew = true;
    }
  }

  private static void inThread(Runnable work) throws InterruptedException {
    Thread thread = new Thread(null, work, "deep", STACK);
    thread.setUncaughtExceptionHandler(
        (t, e) -> assertEquals(StackOverflowError.class, e.getClass()));
    thread.start();
    thread.join();
  }
}
