package dev.rszshm.tests.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.pool.PoolSpec;
import dev.rszshm.structures.pool.Task;
import dev.rszshm.structures.pool.TaskContext;
import dev.rszshm.structures.pool.TaskOptions;
import dev.rszshm.structures.pool.TaskPolicy;
import dev.rszshm.structures.pool.WorkerDeath;
import dev.rszshm.structures.pool.WorkerListener;
import dev.rszshm.structures.pool.WorkerPool;
import dev.rszshm.structures.pool.WorkerPreparation;
import dev.rszshm.structures.pool.WorkerStart;
import dev.rszshm.structures.pool.WorkerStartFailure;
import dev.rszshm.structures.pool.errors.NotAPoolException;
import dev.rszshm.structures.worker.WorkerBody;
import dev.rszshm.structures.worker.WorkerContext;
import dev.rszshm.structures.worker.WorkerLauncher;
import dev.rszshm.structures.worker.WorkerOutput;
import dev.rszshm.structures.worker.WorkerProcess;
import dev.rszshm.structures.worker.WorkerSpec;
import dev.rszshm.structures.worker.errors.WorkerStartException;
import dev.rszshm.tests.InMemory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How workers are prepared, started, replaced, and told of. */
@Timeout(180)
class PoolCrewIT {
  @TempDir(factory = InMemory.class)
  Path directory;

  private final BlockingQueue<Object> reports = new LinkedBlockingQueue<>();
  private Heap heap;
  private Allocator allocator;

  /** What the preparation finds: 0 for all is well. */
  private long word;

  /** Whether the listener throws. */
  private boolean throwing;

  /** Says what it is told. */
  private final WorkerListener recorder =
      new WorkerListener() {
        @Override
        public void started(WorkerStart start) {
          reports.add(start);
          if (throwing) {
            throw new UnsupportedOperationException("a listener that throws");
          }
        }

        @Override
        public void died(WorkerDeath death) {
          reports.add(death);
          if (throwing) {
            throw new AssertionError("a listener that throws");
          }
        }

        @Override
        public void failedToStart(WorkerStartFailure failure) {
          reports.add(failure);
        }
      };

  private static PoolSpec spec(int workers) {
    return PoolSpec.ofWorkers(workers)
        .withQueueLength(16)
        .withWorker(worker -> worker.withOutput(WorkerOutput.discarded()));
  }

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

  private <T> T next(Class<T> type) throws InterruptedException {
    Object report = reports.poll(60, TimeUnit.SECONDS);
    return type.cast(report);
  }

  private static void kill(long pid) {
    assertTrue(ProcessHandle.of(pid).orElseThrow().destroyForcibly());
  }

  /** Does what the word says: 0 nothing, 1 stops, or ends, the first process to find it. */
  public static final class Preparing implements WorkerPreparation {
    static int times;

    @Override
    public void prepare(String worker, Allocator allocator) throws Exception {
      times++;
      Heap heap = allocator.heap();
      long word = allocator.place("word", 1, 1, 8);
      String pid = Long.toString(ProcessHandle.current().pid());
      if (heap.compareAndSetLong(word, 1, Long.parseLong(pid))) {
        assertEquals(0, new ProcessBuilder("kill", "-STOP", pid).start().waitFor());
      }
      if (heap.compareAndSetLong(word, 2, 0)) {
        Runtime.getRuntime().halt(9);
      }
      if (heap.compareAndSetLong(word, 4, 0)) {
        WorkerPool.open(allocator, "pool").shutdownNow();
      }
      if (heap.getLongVolatile(word) == 3) {
        throw new UnsupportedOperationException("there is no model here");
      }
    }
  }

  /** Says how often its process was prepared. */
  public static final class Prepared implements Task<String, String> {
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
      return text + Preparing.times;
    }
  }

  @Test
  void replacementThatStandsStillHoldsUpNoOther() throws Exception {
    WorkerPool pool = pool(spec(2).withPreparation(Preparing.class));
    List<Long> pids = pool.workerPids();
    heap.putLongVolatile(word, 1);
    kill(pids.get(0));
    while (heap.getLongVolatile(word) == 1) {
      heap.pause(Duration.ofMillis(1));
    }
    ProcessHandle stopped = ProcessHandle.of(heap.getLongVolatile(word)).orElseThrow();
    kill(pids.get(1));
    CompletableFuture<String> task = pool.submit(PoolTasks.Reverse.class, "ab");
    assertEquals("ba", task.get(55, TimeUnit.SECONDS)); // a start has 60 s
    pool.close();
    assertFalse(stopped.isAlive());
  }

  @Test
  void preparationIsDoneOnceBeforeTheFirstTask() throws Exception {
    try (WorkerPool pool = pool(spec(1).withThreads(2).withPreparation(Preparing.class))) {
      assertEquals("a1", pool.submit(Prepared.class, "a").get());
      assertEquals("b1", pool.submit(Prepared.class, "b").get());
    }
  }

  @Test
  void preparationThatThrowsIsAFailedStart() {
    heap.putLongVolatile(word, 3);
    WorkerStartException failed =
        assertThrows(
            WorkerStartException.class,
            () -> pool(spec(2).withPreparation(Preparing.class)).close());
    assertTrue(failed.getMessage().contains("there is no model here"), failed::getMessage);
  }

  @Test
  void toleratedFailureOfAStartIsMadeUpFor() throws Exception {
    heap.putLongVolatile(word, 2);
    PoolSpec tolerant =
        spec(2).withPreparation(Preparing.class).withWorkerListener(recorder).withTolerantStart();
    try (WorkerPool pool = pool(tolerant)) {
      assertEquals("ba", pool.submit(PoolTasks.Reverse.class, "ab").get());
      while (pool.workerPids().size() < 2) {
        heap.pause(Duration.ofMillis(1));
      }
      assertEquals(0, pool.workerDeaths());
    }
    assertEquals(
        1,
        reports.stream()
            .filter(WorkerStartFailure.class::isInstance)
            .map(WorkerStartFailure.class::cast)
            .filter(failure -> failure.exit().orElseThrow().status() == 9)
            .count());
    heap.putLongVolatile(word, 3);
    assertThrows(WorkerStartException.class, () -> pool(tolerant).close());
  }

  @Test
  void listenerIsToldOfStartsAndDeathsWhateverItThrows() throws Exception {
    throwing = true;
    try (WorkerPool pool = pool(spec(1).withWorkerListener(recorder))) {
      WorkerStart first = next(WorkerStart.class);
      assertEquals(List.of(first.pid()), pool.workerPids());
      assertEquals("pool-1", first.worker());
      kill(first.pid());
      WorkerDeath death = next(WorkerDeath.class);
      assertEquals("pool-1", death.worker());
      assertEquals(first.pid(), death.pid());
      assertEquals("signal 9 (SIGKILL)", death.exit().orElseThrow().describe());
      assertEquals("pool-2", next(WorkerStart.class).worker());
      assertEquals(1, pool.workerDeaths());
      assertEquals(1, pool.view().workerDeaths());
    }
    assertEquals(List.of(), List.copyOf(reports), "a worker that ends with its pool has not died");
  }

  @Test
  void listenerMayCloseThePool() throws Exception {
    CompletableFuture<WorkerPool> opened = new CompletableFuture<>();
    CompletableFuture<Boolean> closed = new CompletableFuture<>();
    WorkerListener closing =
        new WorkerListener() {
          @Override
          public void died(WorkerDeath death) {
            opened.join().close();
            closed.complete(true);
          }
        };
    WorkerPool pool = pool(spec(1).withWorkerListener(closing));
    opened.complete(pool);
    kill(pool.workerPids().get(0));
    assertTrue(closed.get(60, TimeUnit.SECONDS));
    assertTrue(pool.isTerminated());
  }

  @Test
  void startAndDeathAreRecorded() throws Exception {
    Path file = directory.resolve("pool.jfr");
    long pid;
    try (Recording recording = new Recording()) {
      recording.enable("dev.rszshm.WorkerStart");
      recording.enable("dev.rszshm.WorkerDeath");
      recording.start();
      try (WorkerPool pool = pool(spec(1).withWorkerListener(recorder))) {
        pid = next(WorkerStart.class).pid();
        kill(pid);
        next(WorkerDeath.class);
      }
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    RecordedEvent start =
        events.stream()
            .filter(event -> event.getEventType().getName().endsWith(".WorkerStart"))
            .findFirst()
            .orElseThrow();
    assertEquals(pid, start.getLong("pid"));
    assertEquals("pool", start.getString("pool"));
    RecordedEvent death =
        events.stream()
            .filter(event -> event.getEventType().getName().endsWith(".WorkerDeath"))
            .findFirst()
            .orElseThrow();
    assertEquals(pid, death.getLong("pid"));
    assertEquals("signal 9 (SIGKILL)", death.getString("how"));
    assertEquals(heap.path().toString(), death.getString("heap"));
  }

  @Test
  void openingThatFailsLeavesThePoolOpen() throws Exception {
    try (WorkerPool client = WorkerPool.withoutWorkers(allocator, "pool", spec(1))) {
      CompletableFuture<String> before = client.submit(PoolTasks.Reverse.class, "ab");
      PoolSpec wrong =
          spec(1)
              .withWorker(
                  worker ->
                      worker.withOutput(WorkerOutput.discarded()).withJvmFlags("-XX:+NoSuchFlag"));
      assertThrows(WorkerStartException.class, () -> pool(wrong).close());
      assertFalse(client.isShutdown());
      CompletableFuture<String> after = client.submit(PoolTasks.Reverse.class, "cd");
      try (WorkerPool pool = pool(spec(1))) {
        assertEquals("ba", before.get());
        assertEquals("dc", after.get());
        assertEquals(1, pool.workerPids().size());
      }
      assertThrows(WorkerStartException.class, () -> pool(wrong).close());
      assertTrue(client.isShutdown(), "as it was before");
    }
  }

  @Test
  void poolThatIsShutDownWhileItStartsIsOpened() throws Exception {
    heap.putLongVolatile(word, 4);
    try (WorkerPool pool = pool(spec(2).withPreparation(Preparing.class))) {
      assertTrue(pool.isShutdown());
    }
  }

  /** Has a pool, and waits for its end. */
  public static final class Owner implements WorkerBody {
    @Override
    public void run(WorkerContext context) throws Exception {
      try (Heap heap = Heap.attach(Path.of(context.arguments().get(0)));
          Allocator allocator = Allocator.on(heap);
          WorkerPool pool = WorkerPool.named(allocator, "pool", spec(1))) {
        System.out.println(pool.workerPids().get(0));
        context.ready();
        Thread.sleep(Long.MAX_VALUE);
      }
    }
  }

  @Test
  void ownerThatIsStoppedIsSaidToBe() throws Exception {
    CompletableFuture<Long> workerPid = new CompletableFuture<>();
    WorkerSpec ownerSpec =
        WorkerSpec.of(Owner.class)
            .withArguments(heap.path().toString())
            .withOutput(
                WorkerOutput.toConsumer(line -> workerPid.complete(Long.parseLong(line.text()))));
    try (WorkerProcess owner = WorkerLauncher.start(ownerSpec)) {
      assertTrue(owner.awaitReady(Duration.ofSeconds(60)));
      try (WorkerPool client = WorkerPool.open(allocator, "pool")) {
        CompletableFuture<Long> task =
            client
                .calls(PoolTasks.Waiting.class, TaskOptions.of(TaskPolicy.AT_MOST_ONCE))
                .submit(word);
        while (heap.getLongVolatile(word) == 0) {
          heap.pause(Duration.ofMillis(1));
        }
        StoppedProcess.stop(owner.pid());
        IllegalStateException owned =
            assertThrows(IllegalStateException.class, () -> pool(spec(1)).close());
        assertTrue(owned.getMessage().contains("which is stopped"), owned::getMessage);
        kill(workerPid.get());
        ExecutionException died = assertThrows(ExecutionException.class, task::get);
        assertTrue(died.getMessage().contains("Is it stopped?"), died::getMessage);
      }
    }
  }

  @Test
  void whatCannotBeOpenedIsSaid() {
    NotAPoolException other =
        assertThrows(NotAPoolException.class, () -> WorkerPool.open(allocator, "word"));
    assertTrue(other.getMessage().contains("found a root of the type 0x1"), other::getMessage);
    @SuppressWarnings("NullAway")
    PoolSpec none = spec(1).withWorker(worker -> null);
    NullPointerException said = assertThrows(NullPointerException.class, () -> pool(none).close());
    assertTrue(said.getMessage().contains("withWorker"), said::getMessage);
  }
}
