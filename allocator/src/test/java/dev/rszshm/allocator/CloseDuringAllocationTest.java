package dev.rszshm.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A heap is closed while threads allocate and free in it all the time, by the way that looks at
 * least. The file is open once more, and what was left in it is taken over at once: whoever came
 * too late with a store would spoil that.
 */
@Timeout(300)
class CloseDuringAllocationTest {
  private static final long MIB = 1 << 20;
  private static final int ROUNDS = 10;
  private static final int THREADS = 2;

  /** So many operations are enough for a method to be compiled. */
  private static final int WARM = 30_000;

  private static final int LENGTH = 64;

  private static boolean isClosed(Allocator allocator, CountDownLatch warm) {
    long[] blocks = new long[100];
    try {
      for (int i = 0; ; i++) {
        int victim = i % blocks.length;
        if (blocks[victim] != 0) {
          allocator.free(blocks[victim]);
        }
        blocks[victim] = allocator.allocate(LENGTH);
        allocator.free(allocator.allocate(1 + i % 1000));
        if (i == WARM) {
          warm.countDown();
        }
      }
    } catch (IllegalStateException e) {
      assertTrue(e.getMessage().contains("closed"), e.getMessage());
      return true;
    }
  }

  /** Takes over what the closed attachment left, and fills blocks of it. */
  private static List<Long> takeOver(Heap heap, Allocator allocator) {
    allocator.recover();
    List<Long> blocks = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      long block = allocator.allocate(LENGTH);
      heap.fill(block, LENGTH, (byte) i);
      blocks.add(block);
    }
    return blocks;
  }

  @Test
  void threadsThatAllocateMeetTheCloseOfTheHeapAndSpoilNothing() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (Heap heap = Heap.builder().span(256 * MIB).createAnonymous();
        Allocator allocator = Allocator.on(heap)) {
      for (int round = 0; round < ROUNDS; round++) {
        Heap mortal = Heap.builder().anyAddress().name("mortal").attach(heap.path());
        Allocator dying = Allocator.on(mortal);
        CountDownLatch warm = new CountDownLatch(THREADS);
        Callable<Boolean> worker = () -> isClosed(dying, warm);
        List<Future<Boolean>> workers = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
          workers.add(threads.submit(worker));
        }
        warm.await();
        mortal.close();
        List<Long> blocks = takeOver(heap, allocator);
        for (Future<Boolean> closed : workers) {
          assertTrue(closed.get());
        }
        for (int i = 0; i < blocks.size(); i++) {
          for (int at = 0; at < LENGTH; at++) {
            assertEquals((byte) i, heap.getByte(blocks.get(i) + at));
          }
        }
        blocks.forEach(allocator::free);
        assertEquals(List.of(), allocator.check().findings());
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static void allocateAndFree(Allocator allocator) {
    for (int i = 0; i < WARM; i++) {
      allocator.free(allocator.allocate(LENGTH));
    }
  }

  @Test
  void theNextCallMeetsTheCloseOfTheHeapThoughBlocksAreAtHand() {
    for (int round = 0; round < ROUNDS; round++) {
      Heap heap = Heap.builder().span(256 * MIB).createAnonymous();
      Allocator allocator = Allocator.on(heap);
      allocateAndFree(allocator);
      long block = allocator.allocate(LENGTH);
      heap.close();
      assertThrows(IllegalStateException.class, () -> allocator.allocate(LENGTH));
      assertThrows(IllegalStateException.class, () -> allocator.free(block));
    }
  }
}
