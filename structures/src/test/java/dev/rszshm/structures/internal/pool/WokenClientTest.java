package dev.rszshm.structures.internal.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.RootEntry;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.pool.PoolSpec;
import dev.rszshm.structures.pool.Task;
import dev.rszshm.structures.pool.TaskContext;
import dev.rszshm.structures.pool.WorkerPool;
import dev.rszshm.sync.EventCount;
import dev.rszshm.sync.internal.WaitMode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is woken when a task is over, and when. */
@Timeout(10)
class WokenClientTest {
  private final Heap heap = Heap.builder().span(16 << 20).length(1 << 20).createAnonymous();
  private final Allocator allocator = Allocator.on(heap);
  private final long at = allocator.place("queue", 1, 1, PoolLayout.length(2, 2), 64);
  private final TaskQueue queue = new TaskQueue(PoolTables.at(allocator, at, 2, 2, 3));
  private final EventCount completions = queue.tables().completions(queue.tables().self());
  private final RunningTask run = queue.join();
  private final TaskRequest request = TaskRequest.copying(1, true, 0, new byte[8]);
  private int key;

  /** Nobody runs it. */
  public static final class Same implements Task<Integer, Integer> {
    @Override
    public Codec<Integer> argumentCodec() {
      return Codecs.ints();
    }

    @Override
    public Codec<Integer> resultCodec() {
      return Codecs.ints();
    }

    @Override
    public Integer run(Integer number, TaskContext context) {
      return number;
    }
  }

  @BeforeEach
  void open() {
    queue.own();
  }

  @AfterEach
  void close() {
    allocator.close();
    heap.close();
  }

  private int ask() {
    return queue.submit(request, WaitMode.NOW).orElse(TaskQueue.NONE);
  }

  /** Runs a task whose client waits for any of its tasks. */
  private int runOne() {
    key = completions.prepare();
    int slot = ask();
    assertTrue(queue.tryTake(run));
    assertTrue(run.succeed(new byte[1]));
    assertFalse(completions.hasSignalled(key), "at once");
    return slot;
  }

  @Test
  void clientIsToldWhenItsWorkerHasFoundNothingElse() {
    runOne();
    assertFalse(queue.take(run, WaitMode.NOW).isDone());
    assertTrue(completions.hasSignalled(key));
  }

  @Test
  void clientIsToldBeforeTheNextTaskIsBegun() {
    runOne();
    ask();
    assertTrue(queue.take(run, WaitMode.NOW).isDone());
    assertTrue(completions.hasSignalled(key));
  }

  @Test
  void clientIsToldBeforeItsWorkerEnds() {
    runOne();
    run.close();
    assertTrue(completions.hasSignalled(key));
  }

  @Test
  void clientIsToldBeforeItsWorkerSleeps() throws Exception {
    runOne();
    FutureTask<TaskQueue.Next> worker =
        new FutureTask<>(() -> queue.take(run, WaitMode.UNINTERRUPTIBLE).value());
    Thread thread = new Thread(worker);
    thread.start();
    completions.await(() -> completions.hasSignalled(key));
    queue.shutDown();
    assertEquals(TaskQueue.Next.END, worker.get());
  }

  @Test
  void clientIsToldWhileItsWorkerLooksForTheNextTask() {
    runOne();
    for (int i = 0; i < 100; i++) {
      run.hasLooked();
    }
    assertTrue(completions.hasSignalled(key));
  }

  @Test
  void clientThatHasReadTheResultIsNotToldOfIt() {
    int slot = runOne();
    assertTrue(queue.outcome(slot).failure().isEmpty());
    queue.release(slot);
    assertFalse(queue.take(run, WaitMode.NOW).isDone());
    assertFalse(completions.hasSignalled(key));
  }

  @Test
  void threadThatWaitsForItsTaskIsWokenAtOnce() {
    int slot = ask();
    EventCount over = over(queue, slot);
    key = over.prepare();
    assertTrue(queue.tryTake(run));
    assertTrue(run.succeed(new byte[1]));
    assertTrue(over.hasSignalled(key));
  }

  private EventCount over(TaskQueue tasks, int slot) {
    return EventCount.at(heap, tasks.tables().task(slot) + TaskLayout.EVENTS);
  }

  @Test
  void threadsThatWaitForFutureAreWokenWhenSomebodyCompletesIt() throws Exception {
    PoolSpec spec = PoolSpec.ofWorkers(1).withQueueLength(1);
    try (WorkerPool pool = WorkerPool.withoutWorkers(allocator, "pool", spec)) {
      CompletableFuture<Integer> future = pool.calls(Same.class).submit(1);
      RootEntry root = allocator.findRoot("pool").orElseThrow();
      long place =
          allocator.place("pool", root.type(), root.version(), spec.length(), PoolLayout.ALIGNMENT);
      EventCount over = over(new TaskQueue(PoolTables.at(allocator, place)), 0);
      FutureTask<Integer> first = new FutureTask<>(future::get);
      FutureTask<Integer> second = new FutureTask<>(future::join);
      new Thread(first).start();
      new Thread(second).start();
      while (!over.mayHaveSleepers()) {
        Thread.onSpinWait();
      }
      key = over.prepare();
      assertTrue(future.complete(2));
      assertTrue(over.hasSignalled(key));
      assertEquals(2, first.get());
      assertEquals(2, second.get());
      assertEquals(1, pool.shutdownNow());
    }
  }
}
