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

/** Does once what workers do, so that the archive has the classes for it. */
public final class ArchiveTraining implements WorkerBody {
  private static final long SPAN = 1L << 30;

  @Override
  public void run(WorkerContext context) throws Exception {
    context.ready();
    Path directory = Files.createTempDirectory("rszshm");
    Path path = directory.resolve("heap");
    try {
      Heap.builder().span(SPAN).create(path).close();
      work(path);
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
