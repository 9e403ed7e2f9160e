package dev.rszshm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.faults.SharedMemoryDirectory;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The addresses of a closed heap are free again, whatever threads do that hold locks of others. */
@Timeout(300)
class ClosedHeapAddressTest {
  private static final long SPAN = 1 << 20;

  @TempDir(factory = SharedMemoryDirectory.class)
  Path directory;

  @Test
  void jobUnderALockOfAnotherHeapKeepsNoAddress() throws Exception {
    AtomicBoolean end = new AtomicBoolean();
    try (Heap other = Heap.builder().span(SPAN).createAnonymous()) {
      CountDownLatch holding = new CountDownLatch(1);
      Runnable job =
          () -> {
            holding.countDown();
            while (!end.get()) {
              Thread.onSpinWait();
            }
          };
      Thread thread = new Thread(() -> Locks.runLocked(Mutex.at(other, other.dataOffset()), job));
      thread.start();
      try {
        holding.await();
        closeAndAttachAgain(3);
      } finally {
        end.set(true);
        thread.join();
      }
    }
  }

  private void closeAndAttachAgain(int times) {
    Path path = directory.resolve("heap");
    Heap made = Heap.builder().span(SPAN).open(path);
    long base = made.base();
    made.close();
    for (int i = 0; i < times; i++) {
      try (Heap again = Heap.attach(path)) {
        assertEquals(base, again.base());
      }
    }
  }
}
