package dev.rszshm.tests.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.pool.PoolSpec;
import dev.rszshm.structures.pool.RangeTask;
import dev.rszshm.structures.pool.TaskContext;
import dev.rszshm.structures.pool.WorkerPool;
import dev.rszshm.structures.pool.errors.TaskException;
import dev.rszshm.structures.worker.WorkerOutput;
import dev.rszshm.tests.InMemory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is broken off: ranges of which a part fails, and closes that are interrupted. */
@Timeout(180)
class PoolBreakOffIT {
  private static final PoolSpec ONE = spec(1);

  @TempDir(factory = InMemory.class)
  Path directory;

  private Heap heap;
  private Allocator allocator;

  /** Offset of a count of what runs, and of one of what was done. */
  private long word;

  private static PoolSpec spec(int workers) {
    return PoolSpec.ofWorkers(workers)
        .withQueueLength(16)
        .withWorker(worker -> worker.withOutput(WorkerOutput.discarded()));
  }

  @BeforeEach
  void open() {
    heap = Heap.builder().span(64 << 20).length(1 << 20).create(directory.resolve("heap"));
    allocator = Allocator.on(heap);
    word = allocator.place("word", 1, 1, 64);
  }

  @AfterEach
  void close() {
    assertTrue(allocator.check().isSound(), () -> allocator.check().toString());
    allocator.close();
    heap.close();
  }

  private WorkerPool pool(PoolSpec spec) throws InterruptedException {
    return WorkerPool.named(allocator, "pool", spec);
  }

  /**
   * The first number is the offset of a count. The part that begins there waits until another one
   * runs, and throws; others run until they are unwanted, and then for some time more.
   */
  public static final class Dragging implements RangeTask {
    @Override
    public void run(long from, long to, TaskContext context) {
      Heap heap = context.heap();
      long count = context.allocator().place("word", 1, 1, 64);
      if (from == count) {
        while (heap.getLongVolatile(count) == 0) {
          heap.pause(Duration.ofMillis(1));
        }
        throw new IllegalArgumentException("this part cannot be done");
      }
      heap.getAndAddLong(count + 8, 1);
      heap.getAndAddLong(count, 1);
      while (!context.isCancelled()) {
        heap.pause(Duration.ofMillis(1));
        boolean ignored = Thread.interrupted();
      }
      for (int i = 0; i < 300; i++) {
        heap.pause(Duration.ofMillis(1));
        boolean ignored = Thread.interrupted();
      }
      heap.getAndAddLong(count, -1);
    }
  }

  @Test
  void rangeOfWhichAPartFailsReturnsWhenNoPartRunsAnyMore() throws Exception {
    try (WorkerPool pool = pool(spec(2))) {
      TaskException failed =
          assertThrows(
              TaskException.class, () -> pool.parallelFor(word, word + 16, 1, Dragging.class));
      assertEquals(0, heap.getLongVolatile(word), "a part runs on");
      assertTrue(failed.getMessage().contains("cannot be done"), failed::toString);
      long done = heap.getLongVolatile(word + 8);
      assertEquals("ba", pool.submit(PoolTasks.Reverse.class, "ab").get());
      assertEquals("ba", pool.submit(PoolTasks.Reverse.class, "ab").get());
      assertEquals(done, heap.getLongVolatile(word + 8), "a part was begun later");
      while (pool.view().tasks() > 0) {
        heap.pause(Duration.ofMillis(1)); // a place that is lost would be missed here
      }
    }
  }

  @Test
  void interruptedRangeReturnsWhenNoPartRunsAnyMore() throws Exception {
    try (WorkerPool pool = pool(ONE)) {
      Thread caller = Thread.currentThread();
      Thread interrupting =
          new Thread(
              () -> {
                while (heap.getLongVolatile(word) == 0) {
                  heap.pause(Duration.ofMillis(1));
                }
                caller.interrupt();
              });
      interrupting.start();
      assertThrows(
          InterruptedException.class,
          () -> pool.parallelFor(word + 1, word + 16, 1, Dragging.class));
      assertEquals(0, heap.getLongVolatile(word), "a part runs on");
      interrupting.join();
      assertEquals("ba", pool.submit(PoolTasks.Reverse.class, "ab").get());
    }
  }

  @Test
  void interruptedCloseEndsWorkersThatWereAdopted() throws Exception {
    PoolSpec outliving = ONE.withWorkersOutliving(Duration.ofMinutes(2));
    long pid;
    try (WorkerPool pool = pool(outliving)) {
      pid = pool.workerPids().get(0);
    }
    ProcessHandle worker = ProcessHandle.of(pid).orElseThrow();
    WorkerPool pool = pool(outliving);
    assertEquals(List.of(), pool.workerPids());
    CompletableFuture<Long> runs = pool.submit(PoolTasks.Waiting.class, word);
    while (heap.getLongVolatile(word) == 0) {
      heap.pause(Duration.ofMillis(1));
    }
    StoppedProcess.stop(pid);
    pool.shutdown();
    Thread.currentThread().interrupt();
    pool.close(); // the worker cannot hear that it is to end
    assertTrue(Thread.interrupted());
    assertFalse(worker.onExit().get(20, TimeUnit.SECONDS).isAlive());
    assertThrows(CancellationException.class, () -> runs.get(20, TimeUnit.SECONDS));
  }

  @Test
  void interruptedCloseOfAClientGivesItsPlacesUp() throws Exception {
    try (WorkerPool pool = pool(ONE.withQueueLength(4))) {
      WorkerPool client = WorkerPool.open(allocator, "pool");
      List<CompletableFuture<Long>> asked = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        asked.add(client.submit(PoolTasks.Waiting.class, word));
      }
      Thread.currentThread().interrupt();
      client.close();
      assertTrue(Thread.interrupted());
      for (CompletableFuture<Long> each : asked) {
        assertThrows(CancellationException.class, () -> each.get(20, TimeUnit.SECONDS));
      }
      for (int i = 0; i < 8; i++) {
        assertEquals("ba", pool.submit(PoolTasks.Reverse.class, "ab").get(20, TimeUnit.SECONDS));
      }
    }
  }
}
