package dev.rszshm.structures.pool;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.pool.PoolTables;
import dev.rszshm.structures.internal.pool.TaskForm;
import dev.rszshm.structures.internal.pool.TaskQueue;
import dev.rszshm.structures.internal.pool.TaskRequest;
import dev.rszshm.sync.EventCount;
import dev.rszshm.sync.internal.WaitMode;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One thread of a worker. */
@Timeout(10)
class WorkerLoopTest {
  private static final WorkerGate GATE = new WorkerGate(TimeUnit.HOURS.toNanos(1));

  /** Another thread of the worker has a task that is to run alone. */
  public static final class Closing implements BlockTask {
    @Override
    public void run(TaskContext context) {
      assertTrue(GATE.close());
    }
  }

  @Test
  void clientIsToldBeforeThreadWaitsForTaskThatRunsAlone() throws Exception {
    try (Heap heap = Heap.builder().span(16 << 20).length(1 << 20).createAnonymous();
        Allocator allocator = Allocator.on(heap)) {
      PoolSpec spec = PoolSpec.ofWorkers(1);
      long at = allocator.place("pool", 1, 1, spec.length(), 64);
      TaskQueue queue =
          new TaskQueue(
              PoolTables.at(allocator, at, spec.queueLength(), spec.runs(), spec.deaths()));
      queue.own();
      TaskRegistry registry = new TaskRegistry(queue.tables().names());
      long name = queue.tables().names().intern(Closing.class.getName());
      EventCount completions = queue.tables().completions(queue.tables().self());
      int key = completions.prepare();
      TaskRequest request = TaskRequest.copying(name, true, TaskForm.BLOCK, new byte[0]);
      assertTrue(queue.submit(request, WaitMode.NOW).isDone());
      Thread worker =
          new Thread(() -> new WorkerLoop(queue, registry, GATE, true, Optional.empty()).run());
      worker.start();
      completions.await(() -> completions.hasSignalled(key));
      GATE.open();
      queue.shutDown();
      worker.join();
    }
  }
}
