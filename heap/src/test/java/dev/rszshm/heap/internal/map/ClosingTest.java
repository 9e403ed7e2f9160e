package dev.rszshm.heap.internal.map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.rszshm.heap.FirstCloseMain;
import dev.rszshm.heap.ForkedJava;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Region;
import dev.rszshm.heap.faults.SharedMemoryDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A loop that the compiler has freed of all checks must still notice that its heap is closed. */
class ClosingTest {
  /** So many turns are only made by a loop that is compiled. */
  private static final long TURNS = 200_000_000;

  @TempDir(factory = SharedMemoryDirectory.class)
  Path directory;

  @Test
  @Timeout(300)
  void loopOfPlainAccessesEnds() {
    closeUnder(
        (heap, turns) -> {
          long other = turns + Long.BYTES;
          for (long i = 0; i >= 0; i++) {
            heap.putLong(turns, i + heap.getLong(other));
          }
        });
  }

  @Test
  @Timeout(300)
  void loopOverRegionEnds() {
    closeUnder(
        (heap, turns) -> {
          Region region = heap.region(turns, 2 * Long.BYTES);
          for (long i = 0; i >= 0; i++) {
            region.putLong(0, i + region.getLong(Long.BYTES));
          }
        });
  }

  @Test
  void firstCloseOfJvmIsNoticedByCodeCompiledBeforeIt() throws Exception {
    ForkedJava java =
        ForkedJava.run(
            List.of("-Xbatch"), FirstCloseMain.class, directory.resolve("heap").toString());
    assertEquals(new ForkedJava(0, "closed"), java);
  }

  private interface Loop {
    void run(Heap heap, long turns);
  }

  private void closeUnder(Loop loop) {
    Heap heap = Heap.builder().create(directory.resolve("heap"));
    long turns = heap.dataOffset();
    CompletableFuture<Void> looping =
        CompletableFuture.runAsync(
            () -> loop.run(heap, turns), task -> new Thread(task, "loop").start());
    while (heap.getLongVolatile(turns) < TURNS && !looping.isDone()) {
      Thread.onSpinWait();
    }
    heap.close();
    CompletionException end =
        assertThrows(
            CompletionException.class, () -> looping.orTimeout(180, TimeUnit.SECONDS).join());
    assertInstanceOf(IllegalStateException.class, end.getCause());
    heap.remove();
  }
}
