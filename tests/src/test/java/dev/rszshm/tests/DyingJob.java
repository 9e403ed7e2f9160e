package dev.rszshm.tests;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.HeapBuilder;
import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.spi.Errno;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.testkit.process.KillPoint;
import dev.rszshm.testkit.process.StepAnnouncingCalls;
import dev.rszshm.testkit.process.WorkerContext;
import dev.rszshm.testkit.process.WorkerJob;
import dev.rszshm.testkit.process.WorkerJvm;
import java.nio.file.Path;

/**
 * A process that dies in the middle of what it does with a heap. Arguments: operation, path and the
 * number of steps after which it dies; -1 lets it live and say the steps, with commas.
 */
public final class DyingJob implements WorkerJob {
  static final WorkerJvm JVM = WorkerJvm.of(DyingJob.class);

  @Override
  public void run(WorkerContext worker) throws Exception {
    String operation = worker.argument(0);
    Path path = Path.of(worker.argument(1));
    int steps = Integer.parseInt(worker.argument(2));
    Platform host = Platform.host();
    if (operation.equals("create-hidden")) {
      host = new Platform(host.memory(), StepAnnouncingCalls.of(host.calls(), DyingJob::refuse));
    }
    KillPoint killPoint =
        steps < 0 ? KillPoint.recording(host) : KillPoint.after(host, steps, worker::die);
    HeapBuilder builder =
        Heap.builder().name("victim").span(1L << 30).platform(killPoint.platform());
    switch (operation) {
      case "create", "create-hidden" -> {
        killPoint.begin();
        builder.create(path);
      }
      case "attach" -> {
        killPoint.begin();
        builder.attach(path);
      }
      case "grow" -> {
        Heap heap = builder.attach(path);
        killPoint.begin();
        heap.growTo(heap.length() + 2 * 4096);
      }
      case "bury" -> {
        Heap heap = builder.attach(path);
        killPoint.begin();
        heap.reclaimDead();
      }
      case "close" -> {
        Heap heap = builder.attach(path);
        killPoint.begin();
        heap.close();
      }
      default -> throw new IllegalArgumentException(operation);
    }
    killPoint.end();
    worker.say(String.join(",", killPoint.steps()));
  }

  private static void refuse(String call) {
    if (call.equals("createUnnamed")) {
      throw new SystemCallException("open(O_TMPFILE)", Errno.EOPNOTSUPP, "not supported");
    }
  }
}
