package dev.rszshm.tests.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.examples.JobTable;
import dev.rszshm.heap.Heap;
import dev.rszshm.testkit.process.WorkerContext;
import dev.rszshm.testkit.process.WorkerJob;
import dev.rszshm.testkit.process.WorkerJvm;
import dev.rszshm.testkit.process.WorkerProcess;
import dev.rszshm.tests.InMemory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs whose programs are killed are done by others. */
class JobTableIT {
  private static final int JOBS = 100;
  private static final int CLAIMED = 7;

  @TempDir(factory = InMemory.class)
  Path directory;

  /** Claims a job, says so, and stays. */
  public static final class Claiming implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      try (Heap heap = Heap.attach(Path.of(worker.argument(0)));
          Allocator allocator = Allocator.on(heap)) {
        worker.say(new JobTable(allocator, JOBS).claim(CLAIMED));
        worker.hear();
      }
    }
  }

  @Test
  void jobOfAKilledProcessIsDoneByAnother() throws InterruptedException {
    try (Heap heap = Heap.builder().create(directory.resolve("jobs"));
        Allocator allocator = Allocator.on(heap)) {
      JobTable table = new JobTable(allocator, JOBS);
      try (WorkerProcess worker = WorkerJvm.of(Claiming.class).start(heap.path())) {
        worker.expect("true");
        assertFalse(table.claim(CLAIMED), "its process lives");
        worker.kill();
      }
      assertEquals(JOBS, table.doAll());
      assertTrue(table.isDone(CLAIMED));
      long sum = 0;
      for (long job = 0; job < JOBS; job++) {
        sum += job * job;
      }
      assertEquals(sum, table.sum());
    }
  }
}
