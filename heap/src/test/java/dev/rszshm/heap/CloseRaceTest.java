package dev.rszshm.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rszshm.closing.HeapHammer;
import dev.rszshm.heap.faults.SharedMemoryDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Closing a heap while other threads are inside its methods. */
class CloseRaceTest {
  private static final int ROUNDS = 40;
  private static final long SPAN = 1 << 20;
  private static final byte MARK = 0x55;

  @TempDir(factory = SharedMemoryDirectory.class)
  Path directory;

  private static HeapBuilder at(AddressScan scan) {
    return Heap.builder().span(SPAN).length(HeapHammer.room()).scan(scan);
  }

  /** The next heap at the same address must never see a late write of those who used the last. */
  @Test
  void heapClosesUnderThreadsAndAnotherTakesItsAddressAtOnce() throws Exception {
    AddressScan here = new AddressScan(0x3e10_0000_0000L, 1L << 30, 1);
    Path second = directory.resolve("second");
    at(here).create(second).close();
    long content = HeapInfo.of(second).dataOffset();
    for (int round = 0; round < ROUNDS; round++) {
      Path first = directory.resolve("first" + round);
      Heap heap = at(here).create(first);
      long base = heap.base();
      CountDownLatch working = new CountDownLatch(HeapHammer.Kind.values().length);
      List<HeapHammer> hammers = HeapHammer.all(heap, MARK, working);
      List<Thread> threads = start(hammers);
      working.await();
      for (int i = 0; i < round * 200; i++) {
        heap.getByte(heap.dataOffset());
      }
      heap.close();
      try (Heap next = Heap.attach(second)) {
        assertEquals(base, next.base());
        for (int look = 0; look < 5; look++) {
          assertEquals(-1, firstNonZero(next, content), "a stray write");
        }
        for (Thread thread : threads) {
          thread.join();
        }
        assertEquals(-1, firstNonZero(next, content), "a stray write");
      }
      for (HeapHammer hammer : hammers) {
        assertEquals(IllegalStateException.class, hammer.end().getClass(), () -> "" + hammer.end());
      }
      if (round % 4 == 0) {
        try (Heap again = Heap.attach(first)) {
          assertEquals(base, again.base());
        }
      }
      assertTrue(heap.remove());
    }
    assertEquals(List.of(), ProcSelf.mappingsIn(0x3e10_0000_0000L, SPAN));
  }

  private static List<Thread> start(List<HeapHammer> hammers) {
    List<Thread> threads = hammers.stream().map(Thread::new).toList();
    threads.forEach(Thread::start);
    return threads;
  }

  private static long firstNonZero(Heap heap, long content) {
    long[] words = new long[HeapHammer.room() / 8];
    heap.getArray(content, words, 0, words.length);
    for (int i = 0; i < words.length; i++) {
      if (words[i] != 0) {
        return i;
      }
    }
    return -1;
  }

  @Test
  void virtualThreadsAreSafeToo() throws Exception {
    assumeTrue(Runtime.version().feature() >= 21, "virtual threads came with JDK 21");
    List<HeapHammer.Kind> kinds = List.of(HeapHammer.Kind.values());
    for (int round = 0; round < ROUNDS; round++) {
      try (Heap other = Heap.builder().span(SPAN).length(HeapHammer.room()).createAnonymous()) {
        Heap heap = Heap.builder().span(SPAN).length(HeapHammer.room()).createAnonymous();
        CountDownLatch working = new CountDownLatch(1);
        HeapHammer hammer = new HeapHammer(heap, kinds.get(round % kinds.size()), MARK, working);
        Thread thread =
            (Thread)
                Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, hammer);
        working.await();
        heap.close();
        thread.join();
        assertEquals(IllegalStateException.class, hammer.end().getClass());
        assertEquals(-1, firstNonZero(other, other.dataOffset()));
      }
    }
  }

  /** Whatever a method needs of a heap, it says that the heap is closed rather than fail by it. */
  @Test
  void everyOtherMethodEndsWithIllegalStateException() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      Heap heap = Heap.builder().span(SPAN).participants(64).create(directory.resolve("h" + round));
      Heap other = Heap.builder().anyAddress().attach(heap.path());
      List<Callable<?>> methods =
          List.of(
              heap::participants,
              heap::catchUp,
              () -> heap.isAlive(1, 1),
              heap::reclaimDead,
              () -> heap.ensure(SPAN),
              () -> {
                heap.flush();
                return heap.length() > 0;
              },
              () -> heap.waitWhile(heap.dataOffset(), 0, Duration.ofMillis(1)));
      CountDownLatch working = new CountDownLatch(methods.size());
      List<FutureTask<Object>> tasks = new ArrayList<>();
      for (Callable<?> method : methods) {
        tasks.add(
            new FutureTask<>(
                () -> {
                  method.call();
                  working.countDown();
                  while (true) {
                    method.call();
                  }
                }));
      }
      tasks.forEach(t -> new Thread(t).start());
      working.await();
      heap.close();
      for (FutureTask<Object> task : tasks) {
        ExecutionException thrown = assertThrows(ExecutionException.class, task::get);
        assertEquals(
            IllegalStateException.class,
            thrown.getCause().getClass(),
            () -> "method " + tasks.indexOf(task) + ": " + thrown.getCause());
      }
      assertEquals(1, other.participants().size());
      other.close();
      heap.remove();
    }
  }

  @Test
  void closingInManyThreadsClosesOnce() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      List<Integer> before = ProcSelf.descriptorsOf("/memfd:rszshm");
      Heap heap = Heap.builder().span(SPAN).createAnonymous();
      List<Integer> own = new ArrayList<>(ProcSelf.descriptorsOf("/memfd:rszshm"));
      own.removeAll(before); // heaps of other tests, which are garbage
      assertEquals(1, own.size());
      List<FutureTask<Void>> tasks = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        tasks.add(
            new FutureTask<>(
                () -> {
                  heap.close();
                  return null;
                }));
      }
      tasks.forEach(t -> new Thread(t).start());
      for (FutureTask<Void> task : tasks) {
        task.get();
      }
      own.retainAll(ProcSelf.descriptorsOf("/memfd:rszshm"));
      assertEquals(List.of(), own);
    }
  }
}
