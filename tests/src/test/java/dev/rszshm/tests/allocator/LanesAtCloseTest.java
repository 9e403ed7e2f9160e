package dev.rszshm.tests.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an orderly end leaves of the threads of a process that still live. */
@Timeout(300)
class LanesAtCloseTest {
  private static final int THREADS = 3;

  private final Heap heap = Heap.builder().span(64 << 20).createAnonymous();
  private final Allocator allocator = Allocator.on(heap);
  private final Heap other = Heap.builder().anyAddress().attach(heap.path());
  private final Allocator closing = Allocator.on(other);
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

  @AfterEach
  void close() {
    threads.shutdown();
    other.close();
    heap.close();
  }

  @Test
  void lanesOfThreadsThatAreIdleAreGivenBack() throws Exception {
    CountDownLatch all = new CountDownLatch(THREADS); // so that each thread gets one
    List<Future<Long>> blocks =
        List.of(
            threads.submit(() -> allocate(all)),
            threads.submit(() -> allocate(all)),
            threads.submit(() -> allocate(all)));
    for (Future<Long> block : blocks) {
      block.get();
    }
    assertEquals(THREADS, lanesOf(other));
    closing.close();
    assertEquals(0, lanesOf(other));
    other.close();
    assertEquals(List.of(), allocator.check().findings());
    for (Future<Long> block : blocks) {
      allocator.free(block.get());
    }
  }

  private long allocate(CountDownLatch all) throws InterruptedException {
    long block = closing.allocate(64);
    all.countDown();
    all.await();
    return block;
  }

  @Test
  void threadInTheAllocatorKeepsItsLane() throws Exception {
    long slot = allocator.allocateZeroed(8);
    CountDownLatch filling = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    Future<Long> filled =
        threads.submit(
            () ->
                closing.allocateInto(
                    slot,
                    64,
                    block -> {
                      filling.countDown();
                      awaitUninterruptibly(closed);
                    }));
    filling.await();
    closing.close();
    closed.countDown();
    assertTrue(filled.get() > 0);
    assertThrows(ExecutionException.class, () -> threads.submit(() -> closing.allocate(64)).get());
    other.close();
    allocator.recover();
    assertEquals(List.of(), allocator.check().findings());
    allocator.freeFrom(slot);
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private long lanesOf(Heap user) {
    return allocator.statistics().participants().stream()
        .filter(participant -> participant.slot() == user.self().orElseThrow().slot())
        .mapToLong(participant -> participant.lanes())
        .sum();
  }
}
