package dev.rszshm.structures.internal.worker;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.queue.QueueSpec;
import dev.rszshm.structures.queue.SharedQueue;
import dev.rszshm.structures.worker.WorkerBody;
import dev.rszshm.structures.worker.WorkerContext;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Does once what workers do, so that the archive has the classes for it. */
public final class ArchiveTraining {
  private static final long SPAN = 1L << 30;

  private ArchiveTraining() {}

  /** A body that has nothing to do. */
  static final class Nothing implements WorkerBody {
    @Override
    public void run(WorkerContext context) {}
  }

  /** Trains. */
  public static void main(String[] none) throws Exception {
    StartFile.Content content =
        new StartFile.Content(1, false, false, Nothing.class.getName(), List.of("argument"));
    StartFile.read(new ByteArrayInputStream(StartFile.encode(content)));
    WorkerBody unused = EntryPoint.body(content.className());
    StarterWatch.settle(false);
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
