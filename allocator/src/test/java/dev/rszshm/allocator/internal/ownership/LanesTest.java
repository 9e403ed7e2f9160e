package dev.rszshm.allocator.internal.ownership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.errors.LaneTableFullException;
import dev.rszshm.allocator.internal.table.TableSetup;
import dev.rszshm.heap.Heap;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lanes of many threads. The time-out only ends a test that hangs. */
@Timeout(300)
class LanesTest {
  private static final long MIB = 1 << 20;

  /** The smallest table: 16 lanes. */
  private static final long SMALL_SPAN = 4 * MIB;

  private static List<Thread> start(int count, Callable<?> body, List<FutureTask<?>> results) {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      FutureTask<?> result = new FutureTask<>(body);
      results.add(result);
      threads.add(new Thread(result));
    }
    threads.forEach(Thread::start);
    return threads;
  }

  private static void requireSuccess(List<FutureTask<?>> results) throws Exception {
    for (FutureTask<?> result : results) {
      result.get();
    }
  }

  /** Takes a lane, and waits for the others; if this fails, they do not wait for ever. */
  private static void comeIn(Allocator allocator, CyclicBarrier allHere) throws Exception {
    try {
      allocator.free(allocator.allocate(8));
    } catch (RuntimeException noLane) {
      allHere.reset();
      throw noLane;
    }
    allHere.await();
  }

  /** Many threads look for a lane at once: each must find one, if only the one that is shared. */
  @Test
  void threadsThatComeAtOnceAllFindALane() throws Exception {
    for (int round = 0; round < 100; round++) {
      try (Heap heap = Heap.builder().span(SMALL_SPAN).createAnonymous();
          Allocator allocator = Allocator.on(heap)) {
        int count = 24;
        CyclicBarrier go = new CyclicBarrier(count);
        CountDownLatch done = new CountDownLatch(count);
        List<FutureTask<?>> results = new ArrayList<>();
        start(
            count,
            () -> {
              go.await();
              try {
                allocator.free(allocator.allocate(8));
              } finally {
                done.countDown();
                done.await();
              }
              return null;
            },
            results);
        requireSuccess(results);
      }
    }
  }

  private static Void work(Allocator allocator, int rounds) {
    Heap heap = allocator.heap();
    long[] blocks = new long[20];
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < blocks.length; i++) {
        blocks[i] = allocator.allocate(16L << i % 2);
        heap.putLong(blocks[i], blocks[i]);
      }
      for (long block : blocks) {
        assertEquals(block, heap.getLong(block));
        allocator.free(block);
      }
    }
    return null;
  }

  @Test
  void threadsShareALaneWhenThereIsNoneLeft() throws Exception {
    try (Heap heap = Heap.builder().span(SMALL_SPAN).createAnonymous();
        Allocator allocator = Allocator.on(heap)) {
      int lanes = TableSetup.open(heap, false).geometry.laneCount();
      assertEquals(16, lanes);
      CyclicBarrier allHere = new CyclicBarrier(lanes + 8);
      List<FutureTask<?>> results = new ArrayList<>();
      List<Thread> threads =
          start(
              lanes + 8,
              () -> {
                comeIn(allocator, allHere);
                work(allocator, 200);
                allHere.await();
                return null;
              },
              results);
      requireSuccess(results);
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(List.of(), allocator.check().findings());
      assertEquals(0, allocator.check().blocks());
    }
  }

  @Test
  void aProcessWithoutALaneGetsAnException() throws Exception {
    try (Heap heap = Heap.builder().span(SMALL_SPAN).createAnonymous();
        Allocator allocator = Allocator.on(heap);
        Heap attached = Heap.builder().anyAddress().attach(heap.path());
        Allocator late = Allocator.on(attached)) {
      int lanes = TableSetup.open(heap, false).geometry.laneCount();
      CountDownLatch taken = new CountDownLatch(lanes);
      CountDownLatch end = new CountDownLatch(1);
      List<FutureTask<?>> results = new ArrayList<>();
      List<Thread> threads =
          start(
              lanes,
              () -> {
                allocator.free(allocator.allocate(8));
                taken.countDown();
                end.await();
                return null;
              },
              results);
      taken.await();
      String message =
          assertThrows(LaneTableFullException.class, () -> late.allocate(8)).getMessage();
      assertTrue(message.contains("has 16 lanes"), message);
      end.countDown();
      requireSuccess(results);
      for (Thread thread : threads) {
        thread.join();
      }
      allocator.free(allocator.allocate(8));
      late.free(late.allocate(8));
      assertTrue(late.check().isClean());
    }
  }

  @Test
  void lanesOfEndedThreadsOfAnIdleProcessComeToOthers() throws Exception {
    try (Heap heap = Heap.builder().span(SMALL_SPAN).createAnonymous();
        Allocator idle = Allocator.on(heap);
        Heap attached = Heap.builder().anyAddress().attach(heap.path());
        Allocator late = Allocator.on(attached)) {
      int lanes = TableSetup.open(heap, false).geometry.laneCount();
      CyclicBarrier allHere = new CyclicBarrier(lanes);
      List<FutureTask<?>> results = new ArrayList<>();
      List<Thread> threads =
          start(
              lanes,
              () -> {
                comeIn(idle, allHere);
                return null;
              },
              results);
      requireSuccess(results);
      for (Thread thread : threads) {
        thread.join();
      }
      while (!allocates(late)) { // on a busy machine the idle process may be slow to look
        Thread.onSpinWait();
      }
      assertTrue(late.check().isClean());
    }
  }

  private static boolean allocates(Allocator allocator) {
    try {
      allocator.free(allocator.allocate(8));
      return true;
    } catch (LaneTableFullException notYet) {
      return false;
    }
  }

  /** Threads in a shared lane look for room, which needs what closing needs. */
  @Test
  void closingBesideThreadsThatShareALaneNeitherHangsNorDamages() throws Exception {
    for (int round = 0; round < 8; round++) {
      try (Heap heap = Heap.builder().span(SMALL_SPAN).createAnonymous()) {
        Allocator allocator = Allocator.on(heap);
        int count = TableSetup.open(heap, false).geometry.laneCount() + 8;
        CyclicBarrier allHere = new CyclicBarrier(count + 1);
        List<FutureTask<?>> results = new ArrayList<>();
        start(
            count,
            () -> {
              comeIn(allocator, allHere);
              try {
                while (true) {
                  for (int size = 16; size <= 200_000; size *= 4) {
                    allocator.free(allocator.allocate(size));
                  }
                }
              } catch (IllegalStateException closed) {
                return null;
              } catch (dev.rszshm.allocator.errors.OutOfHeapMemoryException full) {
                return null;
              }
            },
            results);
        allHere.await();
        allocator.close();
        requireSuccess(results);
        try (Allocator next = Allocator.on(heap)) {
          assertTrue(next.check().isSound(), () -> next.check().toString());
        }
      }
    }
  }

  /** One fills a block and wants a lock; another, which shares its lane, has that and allocates. */
  @Test
  void aLaneIsNotHeldWhileABlockIsFilled() throws Exception {
    try (Heap heap = Heap.builder().span(SMALL_SPAN).createAnonymous();
        Allocator allocator = Allocator.on(heap)) {
      long slots = allocator.allocateZeroed(16);
      int lanes = TableSetup.open(heap, false).geometry.laneCount();
      CyclicBarrier allHere = new CyclicBarrier(lanes + 1);
      CountDownLatch end = new CountDownLatch(1);
      List<FutureTask<?>> results = new ArrayList<>();
      start(
          lanes,
          () -> {
            comeIn(allocator, allHere);
            end.await();
            return null;
          },
          results);
      allHere.await();
      CountDownLatch filling = new CountDownLatch(1);
      CountDownLatch allocated = new CountDownLatch(1);
      start(
          1,
          () ->
              allocator.allocateInto(
                  slots,
                  64,
                  block -> {
                    filling.countDown();
                    try {
                      allocated.await();
                    } catch (InterruptedException e) {
                      throw new IllegalStateException(e);
                    }
                  }),
          results);
      start(
          1,
          () -> {
            filling.await();
            allocator.free(allocator.allocate(16));
            allocated.countDown();
            return null;
          },
          results);
      results.get(lanes).get();
      results.get(lanes + 1).get();
      end.countDown();
      requireSuccess(results);
      assertEquals(64, allocator.usableSize(allocator.get(slots)));
    }
  }

  @Test
  void virtualThreadsShareLanes() throws Exception {
    Method start;
    try {
      start = Thread.class.getMethod("startVirtualThread", Runnable.class);
    } catch (NoSuchMethodException before21) {
      start = null;
    }
    assumeTrue(start != null, "this JDK has no virtual threads");
    try (Heap heap = Heap.builder().span(64 * MIB).createAnonymous();
        Allocator allocator = Allocator.on(heap)) {
      List<FutureTask<?>> results = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        FutureTask<Void> result = new FutureTask<>(() -> work(allocator, 20));
        results.add(result);
        start.invoke(null, result);
      }
      requireSuccess(results);
      assertEquals(List.of(), allocator.check().findings());
      assertEquals(0, allocator.check().blocks());
      int lanes = allocator.statistics().participants().get(0).lanes();
      assertTrue(lanes <= 2 * Runtime.getRuntime().availableProcessors(), lanes + " lanes");
    }
  }
}
