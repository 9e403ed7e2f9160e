package dev.rszshm.structures.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.pool.errors.NotAPoolException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * Whoever finds no pool, or another one than was asked for, learns what is there and what to do.
 */
class PoolFindingTest {
  private static final PoolSpec SPEC = PoolSpec.ofWorkers(1).withQueueLength(64);

  private final Heap heap = Heap.builder().span(64 << 20).participants(4).createAnonymous();
  private final Allocator allocator = Allocator.on(heap);

  @AfterEach
  void close() {
    allocator.close();
    heap.close();
  }

  private static String said(Executable opening) {
    return assertThrows(NotAPoolException.class, opening).getMessage();
  }

  private void make(String name) {
    WorkerPool.withoutWorkers(allocator, name, SPEC).close();
  }

  @Test
  void whereNoPoolIsItIsSaidHowToMakeOne() {
    assertEquals(
        "there is no pool \"jobs\" in "
            + heap.path()
            + ": nothing has that name there, and the heap has no pool at all: look whether it is the"
            + " right heap, or make it: WorkerPool.named with workers, WorkerPool.withoutWorkers"
            + " without",
        said(() -> WorkerPool.open(allocator, "jobs")));
  }

  @Test
  void thePoolsThatThereAreAreNamed() {
    make("texts");
    make("pictures");
    allocator.place("word", 1, 1, 8);
    String text = "the pools there are \"pictures\", \"texts\": name one of them";
    String missing = said(() -> WorkerPool.open(allocator, "text"));
    assertTrue(missing.contains("nothing has that name there, and " + text), missing);
    String other = said(() -> WorkerPool.open(allocator, "word"));
    assertTrue(other.contains("found a root of the type 0x1, expected that of a pool"), other);
    assertTrue(other.contains(text + ", or make one of another name"), other);
  }

  @Test
  void ofManyPoolsSomeAreNamed() {
    for (int i = 0; i < 11; i++) {
      make("pool " + i);
    }
    String missing = said(() -> WorkerPool.open(allocator, "none"));
    assertTrue(missing.contains("\"pool 8\" and more: name one of them"), missing);
  }

  @Test
  void onlyWhatDiffersIsSaidWithTheMethodThatSaysIt() {
    make("texts");
    String queue =
        said(() -> WorkerPool.withoutWorkers(allocator, "texts", SPEC.withQueueLength(32)));
    assertEquals(
        "the pool \"texts\" of "
            + heap.path()
            + " was made otherwise: found a queue of 64 tasks, expected 32"
            + " (PoolSpec.withQueueLength). A pool keeps what it was made with, also when it is"
            + " closed: say the same in the PoolSpec, or name another pool",
        queue);
    String deaths = said(() -> WorkerPool.withoutWorkers(allocator, "texts", SPEC.withDeaths(9)));
    assertTrue(
        deaths.contains("found 3 deaths for a task, expected 9 (PoolSpec.withDeaths)."), deaths);
    PoolSpec wide = PoolSpec.ofWorkers(50).withThreads(2).withQueueLength(64);
    String threads = said(() -> WorkerPool.withoutWorkers(allocator, "texts", wide));
    assertTrue(
        threads.contains("threads of workers, expected 100 (PoolSpec.ofWorkers, withThreads)."),
        threads);
    String all = said(() -> WorkerPool.withoutWorkers(allocator, "texts", PoolSpec.ofWorkers(99)));
    assertTrue(
        all.contains("queue of 64 tasks, expected 1024 (PoolSpec.withQueueLength); found"), all);
  }
}
