package dev.rszshm.tests;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Threads that allocate and free blocks of all lengths, their own and each other's, and leave many
 * of them allocated.
 */
final class AllocatorLoad {
  private static final int THREADS = 4;
  private static final int LONGEST = 600_000;
  private static final long ROOM = 128 << 20;

  private final Heap heap;
  private final Allocator allocator;
  private final ConcurrentLinkedQueue<Long> shared = new ConcurrentLinkedQueue<>();

  AllocatorLoad(Heap heap, Allocator allocator) {
    this.heap = heap;
    this.allocator = allocator;
    allocator.free(allocator.allocate(ROOM)); // chunks for all of them, at first without memory
  }

  /** Runs some threads to their ends, each with random numbers of its own. */
  void run(long seed, int steps) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      Random random = new Random(seed * THREADS + i);
      Thread thread = new Thread(() -> work(random, steps));
      thread.setUncaughtExceptionHandler(
          (t, failure) -> {
            synchronized (failures) {
              failures.add(failure);
            }
          });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    synchronized (failures) {
      if (!failures.isEmpty()) {
        throw new AssertionError("a thread failed", failures.get(0));
      }
    }
  }

  private void work(Random random, int steps) {
    List<Long> own = new ArrayList<>();
    int favourite = length(random, 4096); // whole slabs of it fill up, and are given up
    for (int i = 0; i < steps; i++) {
      switch (random.nextInt(8)) {
        case 0, 1 -> own.add(allocate(length(random, LONGEST)));
        case 2, 3 -> own.add(allocate(favourite));
        case 4 -> shared.add(allocate(random.nextBoolean() ? favourite : length(random, 4096)));
        case 5 -> free(own.isEmpty() ? null : own.remove(random.nextInt(own.size())));
        case 6 -> free(shared.poll());
        default -> rarely(random);
      }
    }
  }

  private void rarely(Random random) {
    switch (random.nextInt(20)) {
      case 0 -> allocator.trim();
      case 1 -> allocator.removeRoot("root " + random.nextInt(12));
      case 2, 3 -> allocator.root("own " + Thread.currentThread().getId(), 1, 1, 5000);
      default -> {
        int name = random.nextInt(12);
        allocator.root("shared " + name, name, 1, 40L << name);
      }
    }
  }

  private static int length(Random random, int most) {
    return 1 + (int) Math.exp(random.nextDouble() * Math.log(most));
  }

  private long allocate(int length) {
    long block = allocator.allocate(length);
    heap.fill(block, length, (byte) -1);
    return block;
  }

  private void free(Long block) {
    if (block != null) {
      allocator.free(block);
    }
  }
}
