package dev.rszshm.structures.pool;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.internal.pool.TaskQueue;
import dev.rszshm.structures.worker.WorkerBody;
import dev.rszshm.structures.worker.WorkerContext;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;

/**
 * Does once what a worker of a pool does, so that the archive of classes has those for it.
 * Argument: path of a heap.
 */
final class PoolTraining implements WorkerBody {
  private static final String NAME = "pool";
  private static final PoolSpec SPEC = PoolSpec.ofWorkers(1);

  PoolTraining() {}

  /** A task. */
  public static final class Same implements Task<Integer, Integer> {
    @Override
    public Codec<Integer> argumentCodec() {
      return Codecs.ints();
    }

    @Override
    public Codec<Integer> resultCodec() {
      return Codecs.ints();
    }

    @Override
    public Integer run(Integer number, TaskContext context) {
      return number;
    }
  }

  @Override
  public void run(WorkerContext context) throws Exception {
    try (Heap heap = Heap.attach(Path.of(context.arguments().get(0)));
        Allocator allocator = Allocator.on(heap);
        WorkerPool pool = WorkerPool.withoutWorkers(allocator, NAME, SPEC)) {
      TaskQueue queue = new PoolOpening(allocator, NAME).find();
      WorkerArguments told =
          WorkerArguments.parse(WorkerArguments.of(queue.tables(), SPEC).of(NAME));
      boolean unused = told.isNamed();
      told.requireThatOfPool(heap); // this JVM cannot attach to it a second time
      FutureTask<List<Integer>> client = new FutureTask<>(() -> ask(pool));
      Thread thread = new Thread(client, NAME);
      thread.setDaemon(true);
      PoolWorker.work(allocator, told, thread::start);
      client.get();
    }
  }

  /** Asks for tasks, and shuts the pool down. */
  private static List<Integer> ask(WorkerPool pool) throws Exception {
    try {
      TaskCalls<Integer, Integer> calls = pool.calls(Same.class);
      return calls.submitBatch(List.of(calls.submit(1).get())).get();
    } finally {
      pool.shutdown();
    }
  }
}
