package dev.rszshm.tests.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.pool.BlockCalls;
import dev.rszshm.structures.pool.BlockResult;
import dev.rszshm.structures.pool.PoolSpec;
import dev.rszshm.structures.pool.TaskOptions;
import dev.rszshm.structures.pool.TaskPolicy;
import dev.rszshm.structures.pool.WorkerPool;
import dev.rszshm.structures.pool.errors.WorkerDiedException;
import dev.rszshm.structures.worker.WorkerBody;
import dev.rszshm.structures.worker.WorkerContext;
import dev.rszshm.structures.worker.WorkerLauncher;
import dev.rszshm.structures.worker.WorkerOutput;
import dev.rszshm.structures.worker.WorkerProcess;
import dev.rszshm.structures.worker.WorkerSpec;
import dev.rszshm.tests.InMemory;
import dev.rszshm.tests.Storm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Workers are killed wherever they are, while two processes ask for tasks: each effect is there
 * once, no task is begun twice that may run once, and no block is left.
 */
@Timeout(300)
class PoolStormIT {
  private static final int KILLS = Storm.count(6, 300);
  private static final int TASKS = Storm.count(6000, 200_000);
  private static final int AT_A_TIME = 200;
  private static final PoolSpec SPEC =
      PoolSpec.ofWorkers(3)
          .withThreads(2)
          .withDeaths(100)
          .withWorker(worker -> worker.withOutput(WorkerOutput.discarded()));

  @TempDir(factory = InMemory.class)
  Path directory;

  /** One who asks: a table with a slot, a count and an argument for each task. */
  private static final class Table {
    private static final int LENGTH = 32;
    final Heap heap;
    private final long place;

    Table(Allocator allocator, String name) {
      heap = allocator.heap();
      place = allocator.place(name, 1, 1, (long) TASKS * LENGTH);
    }

    long slot(int task) {
      return place + (long) task * LENGTH;
    }

    long count(int task) {
      return slot(task) + 8;
    }

    long argument(int task) {
      heap.putLong(slot(task) + 16, task);
      heap.putLong(slot(task) + 24, count(task));
      return slot(task) + 16;
    }
  }

  /** Asks for all tasks, in turn into slots and at most once; returns how many have failed. */
  private static int ask(WorkerPool pool, Table table) throws Exception {
    BlockCalls exactly =
        pool.blockCalls(PoolTasks.Counting.class, TaskOptions.of(TaskPolicy.EXACTLY_ONE_EFFECT));
    BlockCalls once =
        pool.blockCalls(PoolTasks.Counting.class, TaskOptions.of(TaskPolicy.AT_MOST_ONCE));
    int failed = 0;
    List<CompletableFuture<BlockResult>> futures = new ArrayList<>();
    for (int task = 0; task < TASKS; task++) {
      futures.add(
          task % 2 == 0
              ? exactly.submitInto(table.slot(task), table.argument(task), 16)
              : once.submit(table.argument(task), 16));
      if (futures.size() == AT_A_TIME || task == TASKS - 1) {
        failed += await(table, task + 1 - futures.size(), futures);
        futures.clear();
      }
    }
    return failed;
  }

  private static int await(Table table, int first, List<CompletableFuture<BlockResult>> futures)
      throws InterruptedException {
    int failed = 0;
    for (int i = 0; i < futures.size(); i++) {
      int task = first + i;
      try (BlockResult result = futures.get(i).get()) {
        assertEquals(task, table.heap.getLong(result.offset()));
      } catch (ExecutionException e) {
        assertInstanceOf(WorkerDiedException.class, e.getCause());
        assertEquals(1, task % 2, "only tasks that may run once fail");
        failed++;
      }
    }
    return failed;
  }

  /** Another process that asks. Argument: path. */
  public static final class Client implements WorkerBody {
    @Override
    public void run(WorkerContext context) throws Exception {
      try (Heap heap = Heap.attach(Path.of(context.arguments().get(0)));
          Allocator allocator = Allocator.on(heap);
          WorkerPool pool = WorkerPool.open(allocator, "pool")) {
        ask(pool, new Table(allocator, "of the other"));
      }
    }
  }

  @Test
  void eachEffectIsThereOnceWhoeverIsKilled() throws Exception {
    try (Heap heap = Heap.builder().length(4 << 20).create(directory.resolve("heap"));
        Allocator allocator = Allocator.on(heap)) {
      Table own = new Table(allocator, "own");
      Table others = new Table(allocator, "of the other");
      long before;
      try (WorkerPool pool = WorkerPool.named(allocator, "pool", SPEC)) {
        long argument = own.argument(0);
        pool.blockCalls(PoolTasks.Counting.class, TaskOptions.of(TaskPolicy.AT_LEAST_ONCE))
            .submit(argument, 16)
            .get()
            .close();
        heap.putLongVolatile(own.count(0), 0);
        while (pool.unfinishedTasks() > 0) {
          heap.pause(Duration.ofMillis(1)); // the worker leaves its task after it has ended it
        }
        before = allocator.check().blocks();
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Integer> kills;
        int failed;
        try (WorkerProcess client =
            WorkerLauncher.start(
                WorkerSpec.of(Client.class).withArguments(heap.path().toString()))) {
          kills = CompletableFuture.supplyAsync(() -> kill(pool, done));
          failed = ask(pool, own);
          assertTrue(client.awaitExit().isSuccess(), () -> client.exited().toString());
        }
        done.set(true);
        int killed = kills.get();
        assertTrue(killed > 0);
        // Each worker has two threads that may have had one.
        assertTrue(failed <= 2 * killed, failed + " have failed after " + killed + " kills");
        System.out.println("pool storm: " + killed + " kills, " + failed + " tasks that failed");
      }
      for (Table table : List.of(own, others)) {
        for (int task = 0; task < TASKS; task++) {
          long count = heap.getLong(table.count(task));
          int number = task;
          if (task % 2 == 0) {
            assertTrue(count >= 1, () -> number + " was not run");
            assertEquals(task, heap.getLong(allocator.get(table.slot(task))));
          } else {
            assertTrue(count <= 1, () -> number + " was run twice");
          }
        }
      }
      allocator.recover();
      assertTrue(allocator.check().isSound(), () -> allocator.check().toString());
      assertEquals(before + effects(allocator, own, others), allocator.check().blocks(), "blocks");
    }
  }

  private static long effects(Allocator allocator, Table... tables) {
    return (long) tables.length * TASKS / 2;
  }

  private static int kill(WorkerPool pool, AtomicBoolean done) {
    Random random = new Random(7);
    int kills = 0;
    while (!done.get() && kills < KILLS) {
      List<Long> pids = pool.workerPids();
      pool.heap().pause(java.time.Duration.ofMillis(1 + random.nextInt(20)));
      if (pids.size() == SPEC.workers()) {
        long pid = pids.get(random.nextInt(pids.size()));
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        kills++;
      }
    }
    return kills;
  }
}
