package dev.rszshm.tests.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
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
import dev.rszshm.structures.pool.errors.TaskException;
import dev.rszshm.structures.pool.errors.WorkerDiedException;
import dev.rszshm.structures.worker.WorkerOutput;
import dev.rszshm.tests.InMemory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A pool whose workers are real JVMs. */
@Timeout(300)
class WorkerPoolIT {
  private static final PoolSpec TWO =
      PoolSpec.ofWorkers(2)
          .withQueueLength(64)
          .withWorker(worker -> worker.withOutput(WorkerOutput.discarded()));

  @TempDir(factory = InMemory.class)
  static Path directory;

  private static Heap heap;
  private static Allocator allocator;

  /** For all tests that do not end it. */
  private static WorkerPool pool;

  @BeforeAll
  static void open() throws InterruptedException {
    heap = Heap.builder().length(4 << 20).create(directory.resolve("heap"));
    allocator = Allocator.on(heap);
    pool = pool("pool");
  }

  @AfterAll
  static void close() {
    pool.close();
    assertTrue(allocator.check().isSound(), () -> allocator.check().toString());
    allocator.close();
    heap.close();
  }

  @AfterEach
  @Timeout(300)
  void nothingIsLeftOfTasks() {
    blocksAtRest();
    assertTrue(allocator.check().isSound(), () -> allocator.check().toString());
  }

  private static WorkerPool pool(String name) throws InterruptedException {
    return WorkerPool.named(allocator, name, TWO);
  }

  private static Throwable failure(CompletableFuture<?> future) {
    return assertThrows(ExecutionException.class, future::get).getCause();
  }

  private static final TaskOptions ONCE = TaskOptions.of(TaskPolicy.AT_MOST_ONCE);
  private static final TaskOptions EXACTLY = TaskOptions.of(TaskPolicy.EXACTLY_ONE_EFFECT);

  @Test
  void tasksAreRunAndTheirResultsComeBack() throws Exception {
    assertEquals("desserts", pool.submit(PoolTasks.Reverse.class, "stressed").get());
    String longer = "x".repeat(10_000) + "y";
    assertEquals("y" + "x".repeat(10_000), pool.submit(PoolTasks.Reverse.class, longer).join());
    TaskCalls<String, String> reverse = pool.calls(PoolTasks.Reverse.class);
    List<String> texts = IntStream.range(0, 500).mapToObj(i -> "a" + i).toList();
    List<CompletableFuture<String>> all = reverse.invokeAll(texts);
    for (int i = 0; i < texts.size(); i++) {
      assertEquals(new StringBuilder(texts.get(i)).reverse().toString(), all.get(i).getNow(""));
    }
    assertEquals(List.of("ba", "dc"), reverse.submitBatch(List.of("ab", "cd")).get());
    assertEquals("CBA", reverse.submit("ABC").thenApply(text -> text).get());
  }

  @Test
  void whatCannotSayItsMessageComesAsItsType() throws Exception {
    TaskException thrown =
        assertInstanceOf(
            TaskException.class, failure(pool.submit(PoolTasks.ThrowingMute.class, "this")));
    assertEquals(PoolTasks.MuteException.class.getName(), thrown.type());
  }

  @Test
  void whatATaskThrowsComesAsText() throws Exception {
    TaskException thrown =
        assertInstanceOf(
            TaskException.class, failure(pool.submit(PoolTasks.Throwing.class, "this")));
    assertEquals(UnsupportedOperationException.class.getName(), thrown.type());
    assertEquals("not this", thrown.text());
    assertTrue(thrown.stack().contains("PoolTasks$Throwing.run"), thrown::stack);
  }

  @Test
  void aTaskThatKillsItsWorkersIsGivenUp() throws Exception {
    WorkerDiedException died =
        assertInstanceOf(
            WorkerDiedException.class, failure(pool.submit(PoolTasks.Dying.class, "x")));
    assertEquals(3, died.deaths());
    assertTrue(died.getMessage().contains("exit status 7"), died::getMessage);
    assertTrue(died.getMessage().contains("the last word: x"), died::getMessage);
    WorkerDiedException once =
        assertInstanceOf(
            WorkerDiedException.class,
            failure(pool.calls(PoolTasks.Dying.class, ONCE).submit("x")));
    assertEquals(1, once.deaths());
    assertEquals("ba", pool.submit(PoolTasks.Reverse.class, "ab").get());
  }

  @Test
  void aCodecThatReturnsNullIsSaidOrItsNullIsTheResult() throws Exception {
    assertEquals("null", pool.submit(PoolTasks.NullArgument.class, "read as null").get());
    IllegalStateException argument =
        assertThrows(
            IllegalStateException.class, () -> pool.submit(PoolTasks.NullArgument.class, "null"));
    assertTrue(argument.getMessage().contains("NullCodec has encoded an argument of"));
    assertNull(pool.submit(PoolTasks.NullResult.class, "read as null").get());
    TaskException result =
        assertInstanceOf(
            TaskException.class, failure(pool.submit(PoolTasks.NullResult.class, "null")));
    assertTrue(result.text().contains("NullCodec has encoded a result of"), result::text);
    TaskCalls<String, String> nulls = pool.calls(PoolTasks.NullResult.class);
    List<String> batch = nulls.submitBatch(List.of("a", "null")).get();
    assertEquals(2, batch.size());
    assertNull(batch.get(1), "a batch does not use the bytes of each");
    IllegalArgumentException none =
        assertThrows(IllegalArgumentException.class, () -> pool.calls(PoolTasks.NoCodec.class));
    assertTrue(none.getMessage().contains("no codec for its result"), none::getMessage);
    assertEquals("ba", pool.submit(PoolTasks.Reverse.class, "ab").get());
  }

  @Test
  void aDeathTellsWhatWasThrownAndTheLastWords() throws Exception {
    WorkerDiedException died =
        assertInstanceOf(
            WorkerDiedException.class,
            failure(pool.calls(PoolTasks.DyingOfAnException.class, ONCE).submit("x")));
    String message = died.getMessage();
    assertTrue(message.contains("exit status 7"), message);
    assertTrue(message.contains("java.lang.IllegalArgumentException: the reason is x"), message);
    assertTrue(message.contains("Caused by: java.lang.StackOverflowError"), message);
    assertTrue(message.endsWith("the last word"), message);
  }

  @Test
  void whatCannotBeAskedForIsRefusedWithTheReason() {
    IllegalStateException owned =
        assertThrows(IllegalStateException.class, () -> pool("pool").close());
    assertTrue(owned.getMessage().contains("another WorkerPool of this process"), owned::toString);
    IllegalArgumentException wide =
        assertThrows(
            IllegalArgumentException.class,
            () -> pool.parallelFor(-2, Long.MAX_VALUE, 1, PoolTasks.Fill.class));
    assertTrue(wide.getMessage().contains("in two calls"), wide::toString);
    IllegalArgumentException grain =
        assertThrows(
            IllegalArgumentException.class, () -> pool.parallelFor(0, 1, 0, PoolTasks.Fill.class));
    assertTrue(grain.getMessage().contains("parts of 0 numbers"), grain::toString);
  }

  @Test
  void whatTheDeadHadAllocatedIsFreed() throws Exception {
    pool.submit(PoolTasks.Reverse.class, "ab").get();
    pool.submit(PoolTasks.Throwing.class, "ab").exceptionally(e -> "").get();
    failure(pool.calls(PoolTasks.Dying.class, ONCE).submit("x"));
    long before = blocksAtRest();
    failure(pool.submit(PoolTasks.Dying.class, "x"));
    assertEquals("ba", pool.submit(PoolTasks.Reverse.class, "ab").get());
    while (blocksAtRest() > before) {
      allocator.recover(); // what the dead had is freed by whoever comes to it first
    }
  }

  /** The number of blocks when nothing of a task is left: it may be released after its end. */
  private long blocksAtRest() {
    while (pool.unfinishedTasks() > 0) {
      heap.pause(Duration.ofMillis(1));
    }
    return allocator.check().blocks();
  }

  @Test
  void aResultGoesToTheSlotOfTheCallerOnce() throws Exception {
    long slots = allocator.place("slots", 1, 1, 8);
    long argument = allocator.allocateZeroed(64);
    heap.putLong(argument + 8, 21);
    var doubling = pool.blockCalls(PoolTasks.Doubling.class, EXACTLY);
    BlockResult into = doubling.submitInto(slots, argument, 64).get();
    assertEquals(42, heap.getLong(allocator.get(slots) + 8));
    assertEquals(into.offset(), allocator.get(slots));
    assertThrows(IllegalArgumentException.class, () -> doubling.submitInto(slots, argument, 64));
    long before = blocksAtRest();
    try (BlockResult result = doubling.submit(argument, 16).get()) {
      assertEquals(42, result.region().getLong(8));
      assertEquals(before + 1, blocksAtRest());
    }
    assertEquals(before, blocksAtRest());
  }

  @Test
  void workersFillARangeTogether() throws Exception {
    int length = 1 << 20;
    long place = allocator.place("bytes", 1, 1, length);
    List<Long> told = new ArrayList<>();
    pool.parallelFor(
        place, place + length, 50_000, PoolTasks.Fill.class, (done, total) -> told.add(done));
    for (int i = 0; i < length; i++) {
      assertEquals(1, heap.getByte(place + i));
    }
    assertEquals(length, told.get(told.size() - 1));
    assertEquals(21, told.size());
  }

  @Test
  void aTaskIsCancelledOrOutOfTime() throws Exception {
    long place = allocator.place("word", 1, 1, 8);
    CompletableFuture<Long> first = pool.submit(PoolTasks.Waiting.class, place);
    while (heap.getLongVolatile(place) == 0) {
      Thread.onSpinWait();
    }
    assertTrue(first.cancel(true));
    assertTrue(first.isCancelled());
    var short1 =
        pool.calls(PoolTasks.Waiting.class, ONCE_SHORT).submit(place); // its worker is stopped
    assertInstanceOf(TimeoutException.class, failure(short1));
    while (pool.view().tasks() > 0) {
      heap.pause(Duration.ofMillis(1)); // until the workers have noticed
    }
    assertEquals("ba", pool.submit(PoolTasks.Reverse.class, "ab").get());
  }

  private static final TaskOptions ONCE_SHORT = ONCE.withTimeout(Duration.ofMillis(50));

  @Test
  void aPoolThatIsShutDownTakesNothingAndEndsItsWorkers() throws Exception {
    WorkerPool other = pool("other");
    List<Long> pids = other.workerPids();
    assertEquals(2, pids.size());
    CompletableFuture<String> last = other.submit(PoolTasks.Reverse.class, "ab");
    other.shutdown();
    assertThrows(
        RejectedExecutionException.class, () -> other.submit(PoolTasks.Reverse.class, "ab"));
    assertEquals("ba", last.get());
    assertTrue(other.awaitTermination(Duration.ofMinutes(2)));
    other.close();
    for (long pid : pids) {
      assertFalse(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
    }
    try (WorkerPool again = pool("other")) {
      assertEquals("ba", again.submit(PoolTasks.Reverse.class, "ab").get());
    }
  }
}
