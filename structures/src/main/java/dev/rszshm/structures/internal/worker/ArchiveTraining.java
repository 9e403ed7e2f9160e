package dev.rszshm.structures.internal.worker;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.queue.QueueSpec;
import dev.rszshm.structures.queue.SharedQueue;
import dev.rszshm.structures.worker.WorkerBody;
import dev.rszshm.structures.worker.WorkerContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Does once what workers do, so that the archive has the classes for it. */
public final class ArchiveTraining implements WorkerBody {
  private static final long SPAN = 1L << 30;
  private static final String POOL = "dev.rszshm.structures.pool.PoolTraining";

  /** What the training of a pool is told. */
  private record Told(List<String> arguments, WorkerContext context) implements WorkerContext {
    @Override
    public long starter() {
      return context.starter();
    }

    @Override
    public void ready() {
      context.ready();
    }

    @Override
    public void awaitBegin() throws InterruptedException {
      context.awaitBegin();
    }
  }

  @Override
  public void run(WorkerContext context) throws Exception {
    context.ready();
    Path directory = Files.createTempDirectory("rszshm");
    Path path = directory.resolve("heap");
    try {
      Heap.builder().span(SPAN).create(path).close();
      work(path);
      EntryPoint.body(POOL).run(new Told(List.of(path.toString()), context));
      Heap.remove(path);
    } finally {
      Files.deleteIfExists(path);
      Files.delete(directory);
    }
  }

  private static void work(Path path) throws InterruptedException {
    try (Heap heap = Heap.attach(path)) {
      Allocator allocator = Allocator.on(heap);
      SharedQueue<Long> longs =
          SharedQueue.named(allocator, "longs", Codecs.longs(), QueueSpec.unbounded());
      longs.put(1L);
      longs.take();
      SharedQueue<String> texts =
          SharedQueue.named(allocator, "texts", Codecs.strings(), QueueSpec.unbounded());
      texts.put("text");
      texts.take();
      heap.reclaimDead();
    }
  }
}
