package dev.rszshm.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.errors.InvalidFreeException;
import dev.rszshm.heap.Heap;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Threads of one process, and of two attachments of it. The time-out only ends a test that hangs.
 */
@Timeout(300)
class AllocatorConcurrencyTest {
  private static final long MIB = 1 << 20;
  private static final int THREADS = 6;
  private static final int STEPS = 20_000;

  private interface Body {
    void run(int thread) throws Exception;
  }

  private static void inThreads(Body body) throws Exception {
    List<FutureTask<Void>> tasks = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int number = i;
      tasks.add(
          new FutureTask<>(
              () -> {
                body.run(number);
                return null;
              }));
    }
    List<Thread> threads = tasks.stream().map(Thread::new).toList();
    threads.forEach(Thread::start);
    for (FutureTask<Void> task : tasks) {
      task.get();
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** A block contains its offset, its size and a word that follows from both, at both ends. */
  private static long write(Heap heap, long block, long size) {
    heap.putLong(block, block);
    heap.putLong(block + 8, size);
    heap.putLong(block + size - 8, block * 31 + size);
    return block;
  }

  private static void requireWhole(Heap heap, long block) {
    assertEquals(block, heap.getLong(block));
    long size = heap.getLong(block + 8);
    assertEquals(block * 31 + size, heap.getLong(block + size - 8));
  }

  private static long size(SplittableRandom random) {
    int kind = random.nextInt(200);
    return 24 + 8L * random.nextInt(kind < 180 ? 60 : kind < 199 ? 5000 : 100_000);
  }

  private static void requireEmpty(Allocator allocator, long blocks) {
    AllocatorCheck check = allocator.check();
    assertTrue(check.isSound(), check::toString);
    assertEquals(blocks, check.blocks());
    assertEquals(allocator.heap().length(), check.total());
  }

  @Test
  void blocksThatThreadsHandOnStayWholeUntilTheyAreFreed() throws Exception {
    try (Heap heap = Heap.builder().span(512 * MIB).createAnonymous();
        Allocator allocator = Allocator.on(heap)) {
      BlockingQueue<Long> queue = new LinkedBlockingQueue<>();
      inThreads(
          thread -> {
            SplittableRandom random = new SplittableRandom(thread);
            for (int step = 0; step < STEPS; step++) {
              long size = size(random);
              queue.add(write(heap, allocator.allocate(size), size));
              Long block = step < 200 || random.nextInt(20) == 0 ? null : queue.poll();
              if (block != null) {
                requireWhole(heap, block);
                allocator.free(block);
              }
            }
            for (Long block = queue.poll(); block != null; block = queue.poll()) {
              requireWhole(heap, block);
              allocator.free(block);
            }
          });
      requireEmpty(allocator, 0);
    }
  }

  @Test
  void twoAllocatorsAndASecondAttachmentShareBlocks() throws Exception {
    try (Heap heap = Heap.builder().span(512 * MIB).createAnonymous();
        Allocator first = Allocator.on(heap);
        Allocator second = Allocator.on(heap);
        Heap elsewhere = Heap.builder().anyAddress().attach(heap.path());
        Allocator third = Allocator.on(elsewhere)) {
      List<Allocator> allocators = List.of(first, second, third);
      BlockingQueue<Long> queue = new LinkedBlockingQueue<>();
      inThreads(
          thread -> {
            Allocator own = allocators.get(thread % 3);
            SplittableRandom random = new SplittableRandom(thread);
            for (int step = 0; step < STEPS / 2; step++) {
              long size = size(random);
              queue.add(write(own.heap(), own.allocate(size), size));
              Long block = step < 100 ? null : queue.poll();
              if (block != null) {
                requireWhole(own.heap(), block);
                own.free(block);
              }
            }
          });
      requireEmpty(third, queue.size());
      for (long block : queue) {
        requireWhole(elsewhere, block);
        second.free(block);
        assertThrows(InvalidFreeException.class, () -> third.free(block));
      }
      requireEmpty(first, 0);
    }
  }

  @Test
  void referencesThatThreadsMoveAreNeitherLostNorDoubled() throws Exception {
    int slots = 24;
    try (Heap heap = Heap.builder().span(512 * MIB).createAnonymous();
        Allocator allocator = Allocator.on(heap)) {
      long table = allocator.allocateZeroed(8L * (slots + THREADS));
      inThreads(
          thread -> {
            long own = table + 8L * (slots + thread);
            SplittableRandom random = new SplittableRandom(thread);
            for (int step = 0; step < STEPS; step++) {
              long slot = table + 8L * random.nextInt(slots);
              switch (random.nextInt(5)) {
                case 0 -> {
                  long size = size(random);
                  allocator.allocateInto(slot, size, block -> write(heap, block, size));
                }
                case 1 -> allocator.freeFrom(slot);
                case 2 -> allocator.move(slot, table + 8L * random.nextInt(slots));
                case 3 -> allocator.move(own, slot);
                default -> allocator.move(slot, own);
              }
              // Nobody else frees from it.
              long mine = allocator.get(own);
              if (mine != 0) {
                requireWhole(heap, mine);
              }
            }
          });
      long blocks = 1;
      for (int i = 0; i < slots + THREADS; i++) {
        long block = allocator.get(table + 8L * i);
        if (block != 0) {
          requireWhole(heap, block);
          blocks++;
        }
      }
      requireEmpty(allocator, blocks);
    }
  }

  @Test
  void checksAndTrimsBesideWorkFindNothingWrong() throws Exception {
    try (Heap heap = Heap.builder().span(512 * MIB).createAnonymous();
        Allocator allocator = Allocator.on(heap)) {
      inThreads(
          thread -> {
            if (thread == 0) {
              for (int i = 0; i < 100; i++) {
                AllocatorCheck check = allocator.check();
                assertTrue(check.isSound(), check::toString);
                allocator.trim();
              }
              return;
            }
            SplittableRandom random = new SplittableRandom(thread);
            long[] blocks = new long[50];
            for (int step = 0; step < STEPS; step++) {
              int i = random.nextInt(blocks.length);
              if (blocks[i] != 0) {
                requireWhole(heap, blocks[i]);
                allocator.free(blocks[i]);
              }
              long size = size(random);
              blocks[i] = write(heap, allocator.allocate(size), size);
            }
            for (long block : blocks) {
              allocator.free(block);
            }
          });
      requireEmpty(allocator, 0);
    }
  }

  @Test
  void checksBesideBlocksThatGrowAndShrinkInPlaceFindNothingWrong() throws Exception {
    try (Heap heap = Heap.builder().span(512 * MIB).createAnonymous();
        Allocator allocator = Allocator.on(heap)) {
      inThreads(
          thread -> {
            if (thread < 3) {
              for (int i = 0; i < 3000; i++) {
                AllocatorCheck check = allocator.check();
                assertTrue(check.isSound(), check::toString);
              }
              return;
            }
            SplittableRandom random = new SplittableRandom(thread);
            long block = 0;
            for (int step = 0; step < STEPS; step++) {
              block = allocator.reallocate(block, random.nextLong(5 * 65536, 20 * 65536));
            }
            allocator.free(block);
          });
      requireEmpty(allocator, 0);
    }
  }
}
