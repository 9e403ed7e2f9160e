package dev.rszshm.structures.pool;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.pool.PoolTables;
import dev.rszshm.structures.internal.pool.TaskQueue;
import dev.rszshm.structures.worker.WorkerBody;
import dev.rszshm.structures.worker.WorkerContext;
import dev.rszshm.sync.internal.WaitMode;
import dev.rszshm.sync.internal.WaitPoint;
import dev.rszshm.sync.internal.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;

/**
 * The body of a worker. What its threads throw outside a task ends the process: its tasks are for
 * others then, and its run records are recovered, as if it had been killed.
 */
final class PoolWorker implements WorkerBody {
  private static final int BROKEN = 70;

  /** How long shutdown hooks of tasks may take. */
  private static final long LONGEST_EXIT_NANOS = 10_000_000_000L;

  PoolWorker() {}

  @Override
  public void run(WorkerContext worker) throws Exception {
    WorkerArguments told = WorkerArguments.parse(worker.arguments());
    try (Heap heap = told.attach();
        Allocator allocator = Allocator.on(heap)) {
      work(allocator, told, worker::ready);
    }
    exit();
  }

  /** Works until the pool is shut down. */
  static void work(Allocator allocator, WorkerArguments told, Runnable whenReady) throws Exception {
    int threads = told.threads();
    TaskQueue queue = new TaskQueue(PoolTables.at(allocator, told.offset()));
    prepare(queue.tables(), told);
    TaskRegistry registry = new TaskRegistry(queue.tables().names());
    WorkerGate gate = new WorkerGate();
    List<WorkerLoop> loops = new ArrayList<>();
    CountDownLatch begun = new CountDownLatch(threads);
    CompletableFuture<Void> ready = new CompletableFuture<>();
    CountDownLatch ended = new CountDownLatch(threads);
    for (int i = 0; i < threads; i++) {
      start(
          queue.tables(),
          "worker-" + i,
          () -> {
            WorkerLoop loop = new WorkerLoop(queue, registry, gate, threads > 1, told.outliving());
            synchronized (loops) {
              loops.add(loop);
            }
            begun.countDown();
            ready.join(); // a death before that is one of a start, of which no task is told
            loop.run();
            ended.countDown();
          });
    }
    begun.await();
    start(queue.tables(), "interrupts", () -> interruptUnwanted(queue, List.copyOf(loops)));
    whenReady.run();
    ready.complete(null);
    ended.await();
  }

  /** Ends this process, whatever threads its tasks have left. */
  private static void exit() {
    Thread halting =
        new Thread(
            () -> {
              LockSupport.parkNanos(LONGEST_EXIT_NANOS);
              Runtime.getRuntime().halt(0);
            },
            "halting");
    halting.setDaemon(true);
    halting.start();
    System.exit(0);
  }

  /** Prepares this process in a thread that must not wait for tasks of the pool either. */
  private static void prepare(PoolTables tables, WorkerArguments told) throws Exception {
    if (told.preparation().isEmpty()) {
      return;
    }
    FutureTask<Void> preparation =
        new FutureTask<>(
            () -> {
              ClassLoader loader = PoolWorker.class.getClassLoader();
              Class<?> type = Class.forName(told.preparation(), true, loader);
              TaskRegistry.make(type.asSubclass(WorkerPreparation.class))
                  .prepare(told.worker(), tables.allocator());
              return null;
            });
    Thread thread = new WorkerThread(tables, preparation, "preparation");
    thread.setDaemon(true);
    thread.start();
    try {
      preparation.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error thrown) {
        throw thrown;
      }
      throw e.getCause() instanceof Exception thrown ? thrown : e;
    }
  }

  @SuppressWarnings("CatchAndPrintStackTrace") // the starter collects standard error
  private static void start(PoolTables tables, String name, Runnable body) {
    Thread thread =
        new WorkerThread(
            tables,
            () -> {
              try {
                body.run();
              } catch (Throwable thrown) {
                thrown.printStackTrace();
                Runtime.getRuntime().halt(BROKEN);
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Interrupts tasks that nobody wants, until this process ends. */
  private static void interruptUnwanted(TaskQueue queue, List<WorkerLoop> loops) {
    Heap heap = queue.tables().allocator().heap();
    try {
      Waiting.await(
          WaitPoint.of(queue.tables().control()),
          null,
          dead -> {
            loops.forEach(WorkerLoop::interruptIfUnwanted);
            return null;
          },
          WaitMode.UNINTERRUPTIBLE);
    } catch (IllegalStateException e) {
      if (heap.isOpen()) {
        throw e;
      }
    }
  }
}
