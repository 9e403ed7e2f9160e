package dev.rszshm.examples;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.pool.PoolSpec;
import dev.rszshm.structures.pool.Task;
import dev.rszshm.structures.pool.TaskContext;
import dev.rszshm.structures.pool.WorkerPool;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Worker processes reverse texts. Any of them takes the next one, texts are of any length and any
 * language, and one that kills its worker is an error and not the end.
 *
 * <pre>{@code
 * java … dev.rszshm.examples.ReversedTexts /dev/shm/texts stressed "hä?" die
 * }</pre>
 */
public final class ReversedTexts {
  private ReversedTexts() {}

  /** What the workers do. */
  public static final class Reverse implements Task<String, String> {
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
      if (text.equals("die")) {
        Runtime.getRuntime().halt(1);
      }
      return new StringBuilder(text).reverse().toString();
    }
  }

  /** Takes the path of the heap, and texts. */
  public static void main(String[] args) throws InterruptedException {
    try (Heap heap = Heap.builder().open(Path.of(args[0]));
        Allocator allocator = Allocator.on(heap);
        WorkerPool pool = WorkerPool.named(allocator, "texts", PoolSpec.ofWorkers(2))) {
      List<String> texts = List.of(args).subList(1, args.length);
      for (CompletableFuture<String> text : pool.calls(Reverse.class).invokeAll(texts)) {
        System.out.println(text.exceptionally(Throwable::getMessage).join());
      }
    }
  }
}
