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
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * The body of a worker. What its threads throw outside a task ends the process: its tasks are for
 * others then, and its run records are recovered, as if it had been killed.
 */
final class PoolWorker implements WorkerBody {
  private static final int BROKEN = 70;

  PoolWorker() {}

  static List<String> arguments(Heap heap, long offset, int threads, Optional<Duration> outliving) {
    return List.of(
        heap.path().toString(),
        Long.toString(offset),
        Integer.toString(threads),
        outliving.map(Duration::toString).orElse(""));
  }

  @Override
  public void run(WorkerContext worker) throws InterruptedException {
    List<String> arguments = worker.arguments();
    long offset = Long.parseLong(arguments.get(1));
    int threads = Integer.parseInt(arguments.get(2));
    Optional<Duration> outliving =
        Optional.of(arguments.get(3)).filter(text -> !text.isEmpty()).map(Duration::parse);
    try (Heap heap = Heap.builder().name("pool worker").attach(Path.of(arguments.get(0)));
        Allocator allocator = Allocator.on(heap)) {
      TaskQueue queue = new TaskQueue(PoolTables.at(allocator, offset));
      TaskRegistry registry = new TaskRegistry(queue.tables().names());
      List<WorkerLoop> loops = new ArrayList<>();
      CountDownLatch begun = new CountDownLatch(threads);
      CountDownLatch ended = new CountDownLatch(threads);
      for (int i = 0; i < threads; i++) {
        start(
            queue.tables(),
            "worker-" + i,
            () -> {
              WorkerLoop loop = new WorkerLoop(queue, registry, outliving);
              synchronized (loops) {
                loops.add(loop);
              }
              begun.countDown();
              loop.run();
              ended.countDown();
            });
      }
      begun.await();
      start(queue.tables(), "interrupts", () -> interruptUnwanted(queue, List.copyOf(loops)));
      worker.ready();
      ended.await();
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
