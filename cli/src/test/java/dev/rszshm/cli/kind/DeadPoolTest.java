package dev.rszshm.cli.kind;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.cli.Command;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.pool.PoolSpec;
import dev.rszshm.structures.pool.Task;
import dev.rszshm.structures.pool.TaskContext;
import dev.rszshm.structures.pool.WorkerPool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the command says of a pool of which nobody is alive. */
@Timeout(300)
class DeadPoolTest {
  @TempDir Path directory;

  /** A task that ends the process that asked for it and for another one, and then its own. */
  public static final class End implements Task<Long, Long> {
    @Override
    public Codec<Long> argumentCodec() {
      return Codecs.longs();
    }

    @Override
    public Codec<Long> resultCodec() {
      return Codecs.longs();
    }

    @Override
    public Long run(Long pid, TaskContext context) {
      try (WorkerPool pool = WorkerPool.open(context.allocator(), "pool")) {
        while (pool.view().waitingTasks() == 0) {
          context.heap().pause(Duration.ofMillis(1));
        }
      }
      ProcessHandle client = ProcessHandle.of(pid).orElseThrow();
      client.destroyForcibly();
      client.onExit().join();
      Runtime.getRuntime().halt(1);
      return pid;
    }
  }

  /** Asks for that task, and for another one that no worker takes. */
  public static void main(String[] words) throws Exception {
    try (Heap heap = Heap.builder().span(16 << 20).create(Path.of(words[0]));
        Allocator allocator = Allocator.on(heap);
        WorkerPool pool =
            WorkerPool.named(allocator, "pool", PoolSpec.ofWorkers(1).withQueueLength(8))) {
      long pid = ProcessHandle.current().pid();
      pool.calls(End.class).submit(pid);
      pool.calls(End.class).submit(pid).get();
    }
  }

  @Test
  void tasksOfTheDeadAreNotSaidToRun() throws Exception {
    Path path = directory.resolve("heap");
    Process client =
        new ProcessBuilder(Command.java(DeadPoolTest.class, List.of(), path.toString()))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output").toFile())
            .start();
    client.waitFor();
    String running = End.class.getName() + ", running, its worker has died, its client has died";
    String dumped;
    do { // until the worker, too, is gone
      dumped = Command.run("dump", path.toString(), "pool").out();
      Thread.onSpinWait();
    } while (!dumped.contains(running));
    assertTrue(dumped.contains(End.class.getName() + ", waiting, its client has died"), dumped);
    assertTrue(
        Command.run("check", path.toString()).out().contains("rszshm recover"), "it says how");
  }
}
