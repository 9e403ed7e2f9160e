package dev.rszshm.tests.guide;

import dev.rszshm.heap.Heap;
import dev.rszshm.testkit.process.ScratchDirectory;
import dev.rszshm.testkit.process.StopAnywhere;
import dev.rszshm.testkit.process.WorkerContext;
import dev.rszshm.testkit.process.WorkerJob;
import dev.rszshm.testkit.process.WorkerJvm;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class StandingAppenderIT {
  public static final class Adding implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      Path path = Path.of(worker.argument(0));
      try (Heap heap = Heap.builder().platform(worker.platform()).attach(path)) {
        SharedLog log = new SharedLog(heap, heap.dataOffset());
        worker.repeat(() -> log.append(1));
      }
    }
  }

  @Test
  void nobodyWaitsForAnAppenderThatStands() throws Exception {
    try (ScratchDirectory directory = ScratchDirectory.inMemory();
        Heap heap = Heap.builder().create(directory.path().resolve("log"))) {
      SharedLog log = new SharedLog(heap, heap.dataOffset());
      StopAnywhere.of(WorkerJvm.of(Adding.class), heap.path()).run(() -> log.append(2));
    }
  }
}
