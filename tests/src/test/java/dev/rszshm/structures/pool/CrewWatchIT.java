package dev.rszshm.structures.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.internal.pool.TaskQueue;
import dev.rszshm.structures.worker.WorkerLauncher;
import dev.rszshm.structures.worker.WorkerOutput;
import dev.rszshm.structures.worker.WorkerProcess;
import dev.rszshm.structures.worker.WorkerSpec;
import dev.rszshm.structures.worker.errors.WorkerStartException;
import dev.rszshm.tests.InMemory;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a pool whose workers cannot be replaced. */
@Timeout(180)
class CrewWatchIT {
  @TempDir(factory = InMemory.class)
  Path directory;

  private final AtomicInteger starts = new AtomicInteger();
  private final CountDownLatch gaveUp = new CountDownLatch(1);
  private Heap heap;
  private Allocator allocator;
  private TaskQueue queue;

  /** What a start throws; null for none. */
  private volatile Throwable failure;

  /** Returns its argument. */
  public static final class Same implements Task<String, String> {
    @Override
    public Codec<String> argumentCodec() {
      return Codecs.strings();
    }

    @Override
    public Codec<String> resultCodec() {
      return Codecs.strings();
    }

    @Override
    public String run(String text, TaskContext context) {
      return text;
    }
  }

  @BeforeEach
  void open() {
    heap = Heap.builder().span(64 << 20).length(1 << 20).create(directory.resolve("heap"));
    allocator = Allocator.on(heap);
  }

  @AfterEach
  void close() {
    assertTrue(allocator.check().isSound(), () -> allocator.check().toString());
    allocator.close();
    heap.close();
  }

  private WorkerProcess start(WorkerSpec spec) {
    starts.incrementAndGet();
    Throwable thrown = failure;
    if (thrown instanceof RuntimeException e) {
      throw e;
    }
    if (thrown instanceof Error e) {
      throw e;
    }
    return WorkerLauncher.start(spec);
  }

  private WorkerPool pool(int workers) throws InterruptedException {
    PoolSpec spec =
        PoolSpec.ofWorkers(workers)
            .withWorker(worker -> worker.withOutput(WorkerOutput.discarded()))
            .withWorkerListener(
                new WorkerListener() {
                  @Override
                  public void gaveUp(String pool, String why) {
                    gaveUp.countDown();
                  }
                });
    queue = new PoolOpening(allocator, "pool").findOrMake(spec);
    assertEquals(0, queue.own());
    ClientTasks tasks = new ClientTasks(queue, "pool");
    WorkerCrew crew = new WorkerCrew(queue, spec, "pool", tasks, this::start);
    crew.start();
    return new WorkerPool(queue, tasks, "pool", crew, spec);
  }

  /** Later JDKs wrap what cancelled a future. */
  private static String withCauses(Throwable thrown) {
    return thrown + (thrown.getCause() == null ? "" : " of " + withCauses(thrown.getCause()));
  }

  private static void kill(long pid) {
    assertTrue(ProcessHandle.of(pid).orElseThrow().destroyForcibly());
  }

  private void awaitStarts(int number) {
    while (starts.get() < number) {
      Thread.onSpinWait();
    }
  }

  @Test
  void wantOfMemoryIsSurvived() throws Exception {
    try (WorkerPool pool = pool(1)) {
      failure = new OutOfMemoryError("of a test");
      kill(pool.workerPids().get(0));
      CompletableFuture<String> task = pool.submit(Same.class, "ab");
      awaitStarts(4);
      failure = null;
      assertEquals("ab", task.get(60, TimeUnit.SECONDS));
    }
  }

  @Test
  void poolWithoutWorkersIsStoppedWithTheReason() throws Exception {
    try (WorkerPool pool = pool(1)) {
      failure = new WorkerStartException("no more of them");
      kill(pool.workerPids().get(0));
      CompletableFuture<String> task = pool.submit(Same.class, "ab");
      CancellationException stopped =
          assertThrows(CancellationException.class, () -> task.get(60, TimeUnit.SECONDS));
      assertTrue(withCauses(stopped).contains("no more of them"), () -> withCauses(stopped));
      assertEquals(1 + CrewWatch.MAX_ROUNDS_ALONE, starts.get());
    }
  }

  @Test
  void poolWithAWorkerGivesUpAfterSomeRoundsAndGoesOn() throws Exception {
    try (WorkerPool pool = pool(2)) {
      failure = new WorkerStartException("no more of them");
      kill(pool.workerPids().get(0));
      assertTrue(gaveUp.await(60, TimeUnit.SECONDS));
      assertEquals(2 + CrewWatch.MAX_ROUNDS, starts.get());
      assertEquals("ab", pool.submit(Same.class, "ab").get(60, TimeUnit.SECONDS));
      assertEquals(2 + CrewWatch.MAX_ROUNDS, starts.get());
      failure = null;
      kill(pool.workerPids().get(0));
      assertEquals("cd", pool.submit(Same.class, "cd").get(60, TimeUnit.SECONDS));
    }
  }

  @Test
  void whatIsThrownOtherwiseStopsThePoolWithTheReason() throws Exception {
    try (WorkerPool pool = pool(1)) {
      Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
      Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {});
      try {
        failure = new UnsupportedOperationException("of a test");
        kill(pool.workerPids().get(0));
        CompletableFuture<String> task = pool.submit(Same.class, "ab");
        CancellationException stopped =
            assertThrows(CancellationException.class, () -> task.get(60, TimeUnit.SECONDS));
        assertTrue(withCauses(stopped).contains("not watched"), () -> withCauses(stopped));
      } finally {
        Thread.setDefaultUncaughtExceptionHandler(before);
      }
    }
  }
}
