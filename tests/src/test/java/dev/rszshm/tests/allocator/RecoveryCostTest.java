package dev.rszshm.tests.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.testkit.memory.ForwardingMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A dead process of many threads costs its recoverer one walk over the chunks. */
class RecoveryCostTest {
  private static final int OWNERS_FIELD = 40;
  private static final int HINTS_FIELD = 48;
  private static final int CHUNKS_FIELD = 256;
  private static final int THREADS = 30;

  private static final class Counting extends ForwardingMemory {
    private long from;
    private long to;
    private long reads;

    Counting() {
      super(Platform.host().memory());
    }

    @Override
    public long getLongAcquire(long address) {
      reads += address >= from && address < to ? 1 : 0;
      return super.getLongAcquire(address);
    }
  }

  @Test
  void theLanesOfAllThreadsAreGivenUpInOneWalk() throws InterruptedException {
    try (Heap heap = Heap.builder().span(1 << 30).createAnonymous();
        Allocator allocator = Allocator.on(heap)) {
      for (int i = 0; i < 50; i++) {
        allocator.allocate(1 << 20);
      }
      Heap dead = Heap.builder().anyAddress().attach(heap.path());
      Allocator user = Allocator.on(dead);
      CountDownLatch allocated = new CountDownLatch(THREADS);
      CountDownLatch end = new CountDownLatch(1);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Thread thread =
            new Thread(
                () -> {
                  user.allocate(100);
                  allocated.countDown();
                  try {
                    end.await();
                  } catch (InterruptedException e) {
                    throw new AssertionError(e);
                  }
                });
        thread.start();
        threads.add(thread);
      }
      allocated.await();
      dead.close();
      end.countDown();
      for (Thread thread : threads) {
        thread.join();
      }

      Counting memory = new Counting();
      Heap survivor =
          Heap.builder()
              .anyAddress()
              .platform(new Platform(memory, Platform.host().calls()))
              .attach(heap.path());
      memory.from = survivor.base() + heap.getLong(heap.dataOffset() + OWNERS_FIELD);
      memory.to = survivor.base() + heap.getLong(heap.dataOffset() + HINTS_FIELD);
      long chunks = heap.getLong(heap.dataOffset() + CHUNKS_FIELD);
      Allocator.on(survivor).close();
      long most = 2 * chunks + 100L * THREADS;
      assertTrue(memory.reads < most, () -> memory.reads + " reads of " + chunks + " owner words");
      survivor.close();
      assertEquals(THREADS, allocator.statistics().recoveredLanes());
      assertEquals(List.of(), allocator.check().findings());
      assertEquals(50 + THREADS, allocator.check().blocks());
    }
  }
}
