package dev.rszshm.tests.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.Acquisition;
import dev.rszshm.sync.RobustLock;
import dev.rszshm.sync.SharedBarrier;
import dev.rszshm.testkit.process.WorkerContext;
import dev.rszshm.testkit.process.WorkerJob;
import dev.rszshm.testkit.process.WorkerJvm;
import dev.rszshm.testkit.process.WorkerProcess;
import dev.rszshm.tests.InMemory;
import dev.rszshm.tests.Storm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Locks between JVMs: one counts without losing anything, one is stopped, one is killed. */
class LockIT {
  private static final int JVMS = 4;
  private static final int TIMES = 20_000;

  /** Only ends a test that would hang. */
  private static final Duration LONG = Duration.ofMinutes(3);

  @TempDir(factory = InMemory.class)
  Path directory;

  private Heap heap;

  @BeforeEach
  void create() {
    heap = Heap.builder().length(1 << 18).span(1L << 30).create(directory.resolve("heap"));
    SharedBarrier.at(heap, LockKind.end(heap), JVMS);
  }

  @AfterEach
  void close() {
    heap.close();
  }

  private static long number(Heap heap, LockKind kind) {
    return kind.offset(heap) + LockKind.PROTECTED;
  }

  /** Arguments: path. Counts under each lock, and then under none, in the steps it hears. */
  public static final class Counting implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      try (Heap heap = Heap.attach(Path.of(worker.argument(0)))) {
        SharedBarrier barrier = SharedBarrier.at(heap, LockKind.end(heap));
        for (LockKind kind : LockKind.values()) {
          RobustLock lock = kind.at(heap);
          barrier.await(LONG);
          for (int i = 0; i < TIMES; i++) {
            lock.lock();
            increment(heap, number(heap, kind));
            lock.unlock();
          }
        }
        worker.say("counted");
        long unprotected = number(heap, LockKind.MUTEX) + 64;
        long read = 0;
        for (var heard = worker.hear(); heard.isPresent(); heard = worker.hear()) {
          switch (heard.get()) {
            case "read" -> read = heap.getLong(unprotected);
            case "write" -> heap.putLong(unprotected, read + 1);
            case "increment" -> increment(heap, unprotected);
            default -> throw new IllegalArgumentException(heard.get());
          }
          worker.say("done");
        }
      }
    }

    private static void increment(Heap heap, long number) {
      heap.putLong(number, heap.getLong(number) + 1);
    }
  }

  @Test
  void updatesAreNotLostUnderALockAndAreLostWithoutOne() {
    List<WorkerProcess> workers = new ArrayList<>();
    try {
      for (int i = 0; i < JVMS; i++) {
        workers.add(WorkerJvm.of(Counting.class).start(heap.path()));
      }
      workers.forEach(w -> w.expect("counted"));
      for (LockKind kind : LockKind.values()) {
        assertEquals((long) JVMS * TIMES, heap.getLong(number(heap, kind)), kind.name());
        assertFalse(kind.at(heap).isLocked());
      }
      step(workers.get(0), "read");
      step(workers.get(1), "increment");
      step(workers.get(0), "write");
      assertEquals(1, heap.getLong(number(heap, LockKind.MUTEX) + 64), "without a lock");
      workers.forEach(WorkerProcess::sayNoMore);
      workers.forEach(WorkerProcess::awaitSuccess);
    } finally {
      workers.forEach(WorkerProcess::close);
    }
  }

  private static void step(WorkerProcess worker, String step) {
    worker.say(step);
    worker.expect("done");
  }

  /** Arguments: path, kind. Does what it hears. */
  public static final class Holding implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      try (Heap heap = Heap.attach(Path.of(worker.argument(0)))) {
        RobustLock lock = LockKind.valueOf(worker.argument(1)).at(heap);
        Optional<String> heard = worker.hear();
        while (heard.isPresent()) {
          switch (heard.get()) {
            case "lock" -> lock.lock();
            case "unlock" -> lock.unlock();
            default -> throw new IllegalArgumentException(heard.get());
          }
          worker.say(lock.isHeldByCurrentThread());
          heard = worker.hear();
        }
      }
    }
  }

  @Test
  void aStoppedHolderKeepsItsLock() throws Exception {
    for (LockKind kind : new LockKind[] {LockKind.MUTEX, LockKind.WRITE_LOCK}) {
      RobustLock lock = kind.at(heap);
      try (WorkerProcess holder = WorkerJvm.of(Holding.class).start(heap.path(), kind)) {
        assertEquals("true", holder.ask("lock"));
        assertEquals(holder.pid(), lock.holder().orElseThrow().participant().pid());
        holder.stop();
        assertFalse(lock.tryLock());
        assertFalse(lock.tryLock(170, TimeUnit.MILLISECONDS), "three slices and more");
        assertTrue(lock.holder().orElseThrow().participant().alive());
        holder.resume();
        assertEquals("false", holder.ask("unlock"));
        lock.lock();
        lock.unlock();
      }
    }
  }

  /** It keeps its place, and has the mutex when it goes on. */
  @Test
  void aStoppedWaiterKeepsAFairMutexFromNobody() throws Exception {
    RobustLock lock = LockKind.FAIR_MUTEX.at(heap);
    long queue = LockKind.FAIR_MUTEX.offset(heap) + 8;
    lock.lock();
    try (WorkerProcess waiter =
        WorkerJvm.of(Holding.class).start(heap.path(), LockKind.FAIR_MUTEX)) {
      waiter.say("lock");
      while (heap.getIntVolatile(queue) == 0) {
        Thread.onSpinWait(); // until it waits; the worker has a time limit
      }
      waiter.stop();
      FutureTask<Boolean> behind =
          new FutureTask<>(
              () -> {
                boolean got = lock.tryLock(LONG.toSeconds(), TimeUnit.SECONDS);
                lock.unlock();
                return got;
              });
      Thread thread = new Thread(behind);
      thread.start();
      while (heap.getIntVolatile(queue) == 1 && thread.isAlive()) {
        Thread.onSpinWait();
      }
      lock.unlock();
      assertTrue(behind.get(), "had though the first one is stopped");
      waiter.resume();
      waiter.expect("true");
      assertEquals("false", waiter.ask("unlock"));
    }
    assertEquals(0, heap.getIntVolatile(queue), "nobody waits");
  }

  /** How long it takes is printed, not tested: 100 ms is what is wanted. */
  @Test
  void theLockOfAKilledHolderIsHad() throws Exception {
    int deaths = Storm.count(3, 30);
    for (LockKind kind : LockKind.values()) {
      RobustLock lock = kind.at(heap);
      long[] nanos = new long[deaths];
      long[] afterTheEnd = new long[deaths];
      for (int i = 0; i < deaths; i++) {
        try (WorkerProcess holder = WorkerJvm.of(Holding.class).start(heap.path(), kind)) {
          assertEquals("true", holder.ask("lock"));
          FutureTask<Long> waiter =
              new FutureTask<>(
                  () -> {
                    assertEquals(Acquisition.OWNER_DIED, lock.tryAcquire(LONG));
                    long time = System.nanoTime();
                    lock.markConsistent();
                    lock.unlock();
                    return time;
                  });
          new Thread(waiter).start();
          long start = System.nanoTime();
          holder.kill();
          long end = System.nanoTime();
          nanos[i] = waiter.get() - start;
          afterTheEnd[i] = Math.max(0, waiter.get() - end);
        }
      }
      Arrays.sort(nanos);
      Arrays.sort(afterTheEnd);
      System.out.printf(
          "%s of a killed holder had %.1f ms after the signal (median of %d), at most %.1f;"
              + " %.1f ms after its process was gone, at most %.1f%n",
          kind,
          nanos[deaths / 2] / 1e6,
          deaths,
          nanos[deaths - 1] / 1e6,
          afterTheEnd[deaths / 2] / 1e6,
          afterTheEnd[deaths - 1] / 1e6);
      lock.lock();
      lock.unlock();
    }
  }
}
