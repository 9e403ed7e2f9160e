package dev.rszshm.tests.guide;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.testkit.process.KillStorm;
import dev.rszshm.testkit.process.ScratchDirectory;
import dev.rszshm.testkit.process.WorkerContext;
import dev.rszshm.testkit.process.WorkerJob;
import dev.rszshm.testkit.process.WorkerJvm;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class KilledAppendersIT {
  /** Appends numbers that nobody else appends, and says which are in. */
  public static final class Appender implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      Path path = Path.of(worker.argument(0));
      try (Heap heap = Heap.builder().platform(worker.platform()).attach(path)) {
        SharedLog log = new SharedLog(heap, heap.dataOffset());
        for (long i = 1; !worker.isDismissed(); i++) {
          long value = ProcessHandle.current().pid() << 32 | i;
          log.append(value);
          worker.say(value);
        }
      }
    }
  }

  @Test
  void nothingThatAWorkerSaidIsAppendedIsLostWhenItIsKilled() throws Exception {
    try (ScratchDirectory directory = ScratchDirectory.inMemory();
        Heap heap = Heap.builder().create(directory.path().resolve("log"))) {
      Set<Long> said = ConcurrentHashMap.newKeySet();
      KillStorm.of(WorkerJvm.of(Appender.class), worker -> List.of(heap.path()))
          .workers(2)
          .kills(6)
          .onLine((worker, line) -> said.add(Long.valueOf(line)))
          .check(
              scene -> {
                Set<Long> log = new HashSet<>(new SharedLog(heap, heap.dataOffset()).entries());
                assertTrue(log.containsAll(said));
              })
          .run();
    }
  }
}
