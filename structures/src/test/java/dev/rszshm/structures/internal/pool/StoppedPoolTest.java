package dev.rszshm.structures.internal.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.sync.internal.WaitMode;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** No task of a stopped pool waits for a worker that will not come. */
class StoppedPoolTest {
  /** A tag that no process has. */
  private static final int DEAD = (1 << 30) - 1;

  @Test
  void taskOfWorkerThatDiedAfterStopFails() {
    check(
        (queue, slot) -> {
          PoolTables tables = queue.tables();
          queue.tryTake(queue.join());
          long word = tables.word(slot);
          assertTrue(tables.change(slot, word, TaskLayout.with(word, TaskLayout.RUNNING, DEAD)));
          assertEquals(0, queue.stop());
        });
  }

  @Test
  void taskThatWasReadyTooLateForStopFails() {
    check(
        (queue, slot) -> {
          PoolTables tables = queue.tables();
          assertEquals(1, queue.stop());
          long word = tables.word(slot);
          assertTrue(tables.change(slot, word, TaskLayout.with(word, TaskLayout.READY, 0)));
        });
  }

  private interface Story {
    void tell(TaskQueue queue, int slot);
  }

  private static void check(Story story) {
    try (Heap heap = Heap.builder().span(16 << 20).length(1 << 20).createAnonymous();
        Allocator allocator = Allocator.on(heap)) {
      long at = allocator.place("pool", 1, 1, PoolLayout.length(2, 2), 64);
      TaskQueue queue = new TaskQueue(PoolTables.at(allocator, at, 2, 2, 3));
      queue.own();
      TaskRequest request = TaskRequest.copying(1, true, 0, new byte[8]);
      int slot = queue.submit(request, WaitMode.NOW).orElse(TaskQueue.NONE);
      story.tell(queue, slot);
      queue.recover();
      assertTrue(queue.isOver(slot));
      assertEquals(Optional.of(Failure.STOPPED), queue.outcome(slot).failure());
      queue.release(slot);
      assertEquals(0, queue.taken());
    }
  }
}
