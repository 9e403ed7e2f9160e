package dev.rszshm.tests.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.pool.BlockResult;
import dev.rszshm.structures.pool.PoolSpec;
import dev.rszshm.structures.pool.TaskCalls;
import dev.rszshm.structures.pool.TaskOptions;
import dev.rszshm.structures.pool.TaskPolicy;
import dev.rszshm.structures.pool.WorkerPool;
import dev.rszshm.structures.pool.errors.NotAPoolException;
import dev.rszshm.structures.pool.errors.PoolSpaceException;
import dev.rszshm.structures.pool.errors.WorkerDiedException;
import dev.rszshm.structures.worker.WorkerOutput;
import dev.rszshm.structures.worker.errors.WorkerStartException;
import dev.rszshm.tests.InMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers that do not start, stand still, outlive their pool, and are ended while they work. */
@Timeout(300)
class PoolWorkersIT {
  private static final PoolSpec ONE =
      PoolSpec.ofWorkers(1)
          .withQueueLength(16)
          .withWorker(worker -> worker.withOutput(WorkerOutput.discarded()));

  @TempDir(factory = InMemory.class)
  Path directory;

  private Heap heap;
  private Allocator allocator;
  private long word;

  @BeforeEach
  void open() {
    heap = Heap.builder().span(64 << 20).length(1 << 20).create(directory.resolve("heap"));
    allocator = Allocator.on(heap);
    word = allocator.place("word", 1, 1, 8);
  }

  @AfterEach
  void close() {
    assertTrue(allocator.check().isSound(), () -> allocator.check().toString());
    allocator.close();
    heap.close();
  }

  private WorkerPool pool(PoolSpec spec) throws InterruptedException {
    return WorkerPool.named(allocator, "pool", spec);
  }

  /** Asks for a task with little time, and if that ends before the task has begun, with more. */
  private <R> CompletableFuture<R> begun(WorkerPool pool, Asking<R> asking) throws Exception {
    for (Duration time = Duration.ofMillis(300); ; time = time.multipliedBy(2)) {
      CompletableFuture<R> task = asking.within(time);
      while (heap.getLongVolatile(word) == 0 && !(task.isDone() && pool.view().tasks() == 0)) {
        heap.pause(Duration.ofMillis(1));
      }
      if (heap.getLongVolatile(word) != 0) {
        return task;
      }
    }
  }

  /** Asks for a task with so much time. */
  private interface Asking<R> {
    CompletableFuture<R> within(Duration time) throws Exception;
  }

  /** Waits until a process is stopped: the third field of stat says so. */
  private void awaitStandstill(long pid) throws IOException {
    while (!Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") T ")) {
      heap.pause(Duration.ofMillis(1));
    }
  }

  private void awaitBegun() {
    while (heap.getLongVolatile(word) == 0) {
      heap.pause(Duration.ofMillis(1));
    }
  }

  private static void signal(String name, long pid) throws Exception {
    assertEquals(0, new ProcessBuilder("kill", "-" + name, "" + pid).start().waitFor());
  }

  @Test
  void aWorkerThatDoesNotStartIsAnErrorOfTheCaller() throws Exception {
    WorkerStartException flag =
        assertThrows(
            WorkerStartException.class,
            () -> pool(ONE.withWorker(worker -> worker.withJvmFlags("-XX:+NoSuchFlag"))));
    assertTrue(flag.getMessage().contains("NoSuchFlag"), flag::getMessage);
    WorkerStartException missing =
        assertThrows(
            WorkerStartException.class,
            () -> pool(ONE.withWorker(worker -> worker.withClassPath("/nothing"))));
    assertTrue(missing.getMessage().contains("ClassNotFound"), missing::getMessage);
  }

  @Test
  void aPoolSaysWhatItNeedsBeforeItStarts() {
    PoolSpaceException space =
        assertThrows(PoolSpaceException.class, () -> pool(ONE.withTaskMemory(Long.MAX_VALUE)));
    assertTrue(space.getMessage().contains("larger span"), space::getMessage);
    assertThrows(NotAPoolException.class, () -> WorkerPool.open(allocator, "pool"));
  }

  @Test
  void aTaskThatRanBesideOneThatKillsWorkersIsDone() throws Exception {
    try (WorkerPool pool = pool(ONE.withThreads(2).withDeaths(2))) {
      TaskCalls<String, String> calls = pool.calls(PoolTasks.BesideKiller.class);
      CompletableFuture<String> innocent = calls.submit("innocent " + word);
      CompletableFuture<String> killer = calls.submit("killer " + word);
      assertEquals("alive", innocent.get());
      ExecutionException failed = assertThrows(ExecutionException.class, killer::get);
      WorkerDiedException died = assertInstanceOf(WorkerDiedException.class, failed.getCause());
      assertEquals(3, died.deaths(), "one beside another, and two alone");
    }
  }

  @Test
  void aStoppedWorkerIsNotReplacedAndItsTaskCanTimeOut() throws Exception {
    try (WorkerPool pool = pool(ONE)) {
      long pid = pool.workerPids().get(0);
      CompletableFuture<Long> task =
          begun(
              pool,
              time ->
                  pool.calls(
                          PoolTasks.Waiting.class,
                          TaskOptions.of(TaskPolicy.AT_LEAST_ONCE).withTimeout(time))
                      .submit(word));
      StoppedProcess.stop(pid);
      ExecutionException failed = assertThrows(ExecutionException.class, task::get);
      assertInstanceOf(TimeoutException.class, failed.getCause());
      assertEquals(List.of(pid), pool.workerPids());
      signal("CONT", pid);
      assertEquals("ba", pool.submit(PoolTasks.Reverse.class, "ab").get());
      while (pool.unfinishedTasks() > 0) {
        heap.pause(Duration.ofMillis(1)); // the worker leaves its task after it has ended it
      }
    }
  }

  @Test
  void theTaskOfAStoppedWorkerIsAskedForAgainAndHasOneEffect() throws Exception {
    long slot = allocator.place("slot", 1, 1, 8);
    long argument = allocator.allocateZeroed(16);
    heap.putLong(argument, 21);
    heap.putLong(argument + 8, word);
    long before;
    try (WorkerPool pool = pool(PoolSpec.ofWorkers(2).withQueueLength(16))) {
      CompletableFuture<BlockResult> first =
          begun(
              pool,
              time ->
                  pool.blockCalls(
                          PoolTasks.Standing.class,
                          TaskOptions.of(TaskPolicy.EXACTLY_ONE_EFFECT).withTimeout(time))
                      .submitInto(slot, argument, 16));
      ExecutionException late = assertThrows(ExecutionException.class, first::get);
      assertInstanceOf(TimeoutException.class, late.getCause());
      long stopped = heap.getLongVolatile(word);
      awaitStandstill(stopped);
      assertEquals(0, allocator.get(slot));
      BlockResult again =
          pool.blockCalls(PoolTasks.Standing.class, TaskOptions.of(TaskPolicy.EXACTLY_ONE_EFFECT))
              .submitInto(slot, argument, 16)
              .get();
      assertEquals(42, heap.getLong(again.offset()));
      before = allocator.check().blocks();
      heap.putLongVolatile(word, -1);
      signal("CONT", stopped); // it goes on, and finds that nobody wants its result
      while (pool.view().tasks() > 0) {
        heap.pause(Duration.ofMillis(1));
      }
      assertEquals(again.offset(), allocator.get(slot));
      assertEquals(2, pool.workerPids().size());
    }
    assertTrue(allocator.check().blocks() < before, "what the stopped one had is freed");
  }

  @Test
  void aHeapWithoutANameHasAPoolToo() throws Exception {
    try (Heap anonymous = Heap.builder().span(64 << 20).length(1 << 20).createAnonymous();
        Allocator own = Allocator.on(anonymous);
        WorkerPool pool = WorkerPool.named(own, "pool", ONE)) {
      assertEquals("ba", pool.submit(PoolTasks.Reverse.class, "ab").get());
      long pid = pool.workerPids().get(0);
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();
      assertEquals("dc", pool.submit(PoolTasks.Reverse.class, "cd").get(), "another one came");
    }
  }

  @Test
  void aPoolThatIsStoppedInterruptsWhatRunsAndBeginsNothing() throws Exception {
    WorkerPool pool = pool(ONE);
    CompletableFuture<Long> runs = pool.submit(PoolTasks.Waiting.class, word);
    awaitBegun();
    CompletableFuture<String> waits = pool.submit(PoolTasks.Reverse.class, "ab");
    assertEquals(1, pool.shutdownNow());
    assertThrows(CancellationException.class, waits::get);
    ExecutionException failed = assertThrows(ExecutionException.class, runs::get);
    assertTrue(failed.getCause().getMessage().contains("Interrupted"), failed::toString);
    assertTrue(pool.awaitTermination(Duration.ofMinutes(2)));
    pool.close();
  }

  @Test
  void aPoolCanBeOpenedAfterItsSpecificationHasThrown() throws Exception {
    PoolSpec wrong =
        ONE.withWorker(
            worker -> {
              throw new UnsupportedOperationException("no such worker");
            });
    assertThrows(UnsupportedOperationException.class, () -> pool(wrong));
    try (WorkerPool pool = pool(ONE)) {
      assertEquals("ba", pool.submit(PoolTasks.Reverse.class, "ab").get());
    }
  }

  @Test
  void workersThatOutliveTheirPoolAreAdoptedByTheNext() throws Exception {
    PoolSpec outliving = ONE.withWorkersOutliving(Duration.ofMinutes(1));
    List<Long> pids;
    try (WorkerPool pool = pool(outliving)) {
      pids = pool.workerPids();
      assertEquals("ba", pool.submit(PoolTasks.Reverse.class, "ab").get());
    }
    ProcessHandle worker = ProcessHandle.of(pids.get(0)).orElseThrow();
    try (WorkerPool pool = pool(outliving)) {
      assertTrue(worker.isAlive());
      assertEquals(List.of(), pool.workerPids());
      assertEquals("dc", pool.submit(PoolTasks.Reverse.class, "cd").get());
      worker.destroyForcibly();
      worker.onExit().get(); // before that it may take one more task
      assertEquals("fe", pool.submit(PoolTasks.Reverse.class, "ef").get());
      while (pool.workerPids().isEmpty()) {
        Thread.onSpinWait(); // the new one may have done the task before this process noted it
      }
      assertEquals(1, pool.workerPids().size());
      pool.shutdown();
    }
  }
}
