package dev.rszshm.tests.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.pool.BlockResult;
import dev.rszshm.structures.pool.BlockTask;
import dev.rszshm.structures.pool.PoolSpec;
import dev.rszshm.structures.pool.Task;
import dev.rszshm.structures.pool.TaskContext;
import dev.rszshm.structures.pool.TaskOptions;
import dev.rszshm.structures.pool.TaskPolicy;
import dev.rszshm.structures.pool.WorkerPool;
import dev.rszshm.structures.worker.WorkerOutput;
import dev.rszshm.structures.worker.errors.WorkerStartException;
import dev.rszshm.tests.InMemory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What tasks, callers and other heaps leave behind, and pools get over. */
@Timeout(300)
class PoolEndsIT {
  private static final PoolSpec ONE = spec(1);
  private static final TaskOptions ONCE = TaskOptions.of(TaskPolicy.AT_MOST_ONCE);

  @TempDir(factory = InMemory.class)
  Path directory;

  private Path path;
  private Heap heap;
  private Allocator allocator;

  private static PoolSpec spec(int workers) {
    return PoolSpec.ofWorkers(workers)
        .withQueueLength(4)
        .withWorker(worker -> worker.withOutput(WorkerOutput.discarded()));
  }

  @BeforeEach
  void open() {
    path = directory.resolve("heap");
    heap = Heap.builder().span(64 << 20).length(1 << 20).create(path);
    allocator = Allocator.on(heap);
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

  /** Leaves a thread that never ends. */
  public static final class LeavingThread implements Task<String, String> {
    @Override
    public Codec<String> argumentCodec() {
      return Codecs.strings();
    }

    @Override
    public Codec<String> resultCodec() {
      return Codecs.strings();
    }

    @Override
    public String run(String text, TaskContext context) {
      Thread left =
          new Thread(
              () -> {
                while (true) {
                  LockSupport.park();
                }
              });
      left.setDaemon(false);
      left.start();
      return text;
    }
  }

  /** Frees what it gives as its result. */
  public static final class FreeingItsResult implements BlockTask {
    @Override
    public void run(TaskContext context) {
      long block = context.allocate(16);
      context.setResult(block, 16);
      context.allocator().free(block);
    }
  }

  /** Makes a block, once its argument is not 0. */
  public static final class Making implements BlockTask {
    @Override
    public void run(TaskContext context) {
      while (context.argument().getLongVolatile(0) == 0) {
        context.heap().pause(Duration.ofMillis(1));
      }
      context.setResult(context.allocate(16), 16);
    }
  }

  @Test
  void threadsThatTasksLeaveEndWithTheirWorker() throws Exception {
    try (WorkerPool pool = pool(ONE)) {
      assertEquals("ab", pool.submit(LeavingThread.class, "ab").get());
    }
  }

  @Test
  void taskThatFreesItsResultFailsAlone() throws Exception {
    long argument = allocator.allocateZeroed(16);
    try (WorkerPool pool = pool(ONE)) {
      CompletableFuture<BlockResult> bad =
          pool.blockCalls(FreeingItsResult.class, ONCE).submit(argument, 16);
      assertThrows(ExecutionException.class, bad::get);
      assertEquals("ba", pool.submit(PoolTasks.Reverse.class, "ab").get());
    }
  }

  @Test
  void resultsOfFuturesThatWereCompletedByOthersAreReleased() throws Exception {
    long gate = allocator.allocateZeroed(16);
    try (WorkerPool pool = pool(ONE)) {
      for (int round = 0; round < 3; round++) {
        heap.putLongVolatile(gate, 0);
        List<CompletableFuture<BlockResult>> futures = new ArrayList<>();
        for (int i = 0; i < ONE.queueLength(); i++) { // a place that is lost would be missed here
          futures.add(pool.blockCalls(Making.class, ONCE).submit(gate, 16));
        }
        for (CompletableFuture<BlockResult> future : futures) {
          assertTrue(future.completeExceptionally(new IllegalStateException("not wanted")));
        }
        heap.putLongVolatile(gate, 1);
        while (pool.view().tasks() > 0) {
          heap.pause(Duration.ofMillis(1));
        }
      }
    }
  }

  @Test
  void openingThatFailsLeavesWorkersThatOutliveTheirPool() throws Exception {
    PoolSpec outliving = spec(2).withWorkersOutliving(Duration.ofMinutes(1));
    List<Long> pids;
    try (WorkerPool pool = pool(outliving)) {
      pids = pool.workerPids();
    }
    ProcessHandle gone = ProcessHandle.of(pids.get(0)).orElseThrow();
    gone.destroyForcibly();
    gone.onExit().get(); // so that the next opening starts one
    assertThrows(
        WorkerStartException.class,
        () ->
            pool(
                outliving.withWorker(
                    worker ->
                        worker
                            .withOutput(WorkerOutput.discarded())
                            .withJvmFlags("-XX:+NoSuchFlag"))));
    try (WorkerPool client = WorkerPool.open(allocator, "pool")) {
      assertEquals("ba", client.submit(PoolTasks.Reverse.class, "ab").get());
    }
    try (WorkerPool pool = pool(outliving)) {
      assertEquals("dc", pool.submit(PoolTasks.Reverse.class, "cd").get());
      pool.shutdown();
    }
  }

  @Test
  void replacementJoinsItsHeapWhateverHasThePath() throws Exception {
    try (WorkerPool pool = pool(ONE)) {
      assertTrue(heap.unlink());
      try (Heap other = Heap.builder().span(64 << 20).length(1 << 20).create(path);
          Allocator others = Allocator.on(other);
          WorkerPool othersPool = WorkerPool.named(others, "pool", ONE)) {
        assertEquals("ba", othersPool.submit(PoolTasks.Reverse.class, "ab").get());
        ProcessHandle.of(pool.workerPids().get(0)).orElseThrow().destroyForcibly();
        assertEquals("dc", pool.submit(PoolTasks.Reverse.class, "cd").get());
        assertEquals(1, pool.view().workerThreads());
        assertEquals(1, othersPool.view().workerThreads());
      }
    }
  }

  @Test
  void replacementJoinsItsHeapIfThePathHasACopyOfIt() throws Exception {
    try (WorkerPool pool = pool(ONE)) {
      Path copy = Files.copy(path, directory.resolve("copy"));
      Files.move(copy, path, StandardCopyOption.REPLACE_EXISTING);
      ProcessHandle.of(pool.workerPids().get(0)).orElseThrow().destroyForcibly();
      assertEquals("dc", pool.submit(PoolTasks.Reverse.class, "cd").get());
      assertEquals(1, pool.workerDeaths());
    }
  }

  @Test
  void endedWorkersAreNotListed() throws Exception {
    WorkerPool pool = pool(ONE);
    assertEquals(1, pool.workerPids().size());
    pool.close();
    assertEquals(List.of(), pool.workerPids());
    assertFalse(allocator.findRoot("pool").isEmpty());
  }
}
