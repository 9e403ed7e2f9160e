package dev.rszshm.tests.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.pool.PoolSpec;
import dev.rszshm.structures.pool.TaskCalls;
import dev.rszshm.structures.pool.WorkerPool;
import dev.rszshm.structures.pool.errors.TaskException;
import dev.rszshm.structures.worker.WorkerOutput;
import dev.rszshm.tests.InMemory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Calls of a pool that wait, in threads for which the pool itself waits: what depends on a future,
 * a task, who takes the output of a worker.
 */
@Timeout(300)
class PoolCallbacksIT {
  private static final int QUEUE = 4;
  private static final PoolSpec ONE =
      PoolSpec.ofWorkers(1)
          .withQueueLength(QUEUE)
          .withWorker(worker -> worker.withOutput(WorkerOutput.discarded()));

  @TempDir(factory = InMemory.class)
  Path directory;

  private Heap heap;
  private Allocator allocator;
  private WorkerPool pool;
  private TaskCalls<String, String> reverse;
  private long word;

  @BeforeEach
  void open() throws InterruptedException {
    heap = Heap.builder().span(64 << 20).length(1 << 20).create(directory.resolve("heap"));
    allocator = Allocator.on(heap);
    word = allocator.place("word", 1, 1, 8);
    open("pool", ONE);
  }

  private void open(String name, PoolSpec spec) throws InterruptedException {
    pool = WorkerPool.named(allocator, name, spec);
    reverse = pool.calls(PoolTasks.Reverse.class);
  }

  @AfterEach
  void close() {
    pool.close();
    assertTrue(allocator.check().isSound(), () -> allocator.check().toString());
    allocator.close();
    heap.close();
  }

  private void release() {
    heap.putLongVolatile(word, Long.MIN_VALUE);
  }

  /** What a callback does. */
  private interface Action<R> {
    R run() throws Exception;
  }

  /**
   * Does something in what depends on a task, in a thread of the pool; nobody waits for the task.
   */
  private <R> CompletableFuture<R> inCallback(Action<R> action) throws Exception {
    CompletableFuture<R> result = new CompletableFuture<>();
    CompletableFuture<Long> blocker = pool.submit(PoolTasks.Waiting.class, word);
    CompletableFuture<?> unused =
        blocker.thenAccept(
            place -> {
              try {
                heap.putLongVolatile(word, 0);
                result.complete(action.run());
              } catch (Throwable thrown) {
                result.completeExceptionally(thrown);
              }
            });
    release();
    return result;
  }

  @Test
  void aPoolIsClosedInWhatDependsOnATask() throws Exception {
    CountDownLatch closing = new CountDownLatch(1);
    CompletableFuture<CompletableFuture<Long>> closed =
        inCallback(
            () -> {
              CompletableFuture<Long> other = pool.submit(PoolTasks.Waiting.class, word);
              closing.countDown();
              pool.close();
              return other;
            });
    closing.await();
    release();
    assertEquals(word, closed.get().getNow(0L), "close waits for the other task");
    assertTrue(pool.isTerminated());
  }

  @Test
  void aPoolIsShutDownAndEndsInWhatDependsOnATask() throws Exception {
    assertTrue(
        inCallback(
                () -> {
                  reverse.submit("ab");
                  pool.shutdown();
                  return pool.awaitTermination(Duration.ofMinutes(2));
                })
            .get());
  }

  @Test
  void moreTasksThanTheQueueHoldsAreAskedForInWhatDependsOnATask() throws Exception {
    List<CompletableFuture<String>> all =
        inCallback(
                () -> {
                  List<CompletableFuture<String>> futures = new java.util.ArrayList<>();
                  for (int i = 0; i < 5 * QUEUE; i++) {
                    futures.add(reverse.submit("a" + i));
                  }
                  return futures;
                })
            .get();
    assertEquals("3a", all.get(3).get());
    assertEquals("91a", all.get(19).get());
  }

  @Test
  void allTasksAreWaitedForInWhatDependsOnATask() throws Exception {
    List<String> texts = IntStream.range(0, 5 * QUEUE).mapToObj(i -> "a" + i).toList();
    List<CompletableFuture<String>> all = inCallback(() -> reverse.invokeAll(texts)).get();
    assertEquals("91a", all.get(19).getNow(""));
  }

  @Test
  void aRangeIsDoneInWhatDependsOnATask() throws Exception {
    long bytes = allocator.place("bytes", 1, 1, 1000);
    inCallback(
            () -> {
              pool.parallelFor(bytes, bytes + 1000, 10, PoolTasks.Fill.class);
              return true;
            })
        .get();
    assertEquals(1, heap.getByte(bytes + 999));
  }

  @Test
  void whatDependsOnATaskWaitsForWhatDependsOnAnother() throws Exception {
    assertEquals("BA", inCallback(() -> dependent("ab").join()).get());
    CompletableFuture<Void> both =
        inCallback(
                () -> {
                  CompletableFuture<Void> all =
                      CompletableFuture.allOf(dependent("ab"), dependent("cd"));
                  all.join();
                  return all;
                })
            .get();
    assertTrue(both.isDone());
    CountDownLatch latch = new CountDownLatch(1);
    assertTrue(
        inCallback(
                () -> {
                  CompletableFuture<Void> unused =
                      reverse.submit("ab").thenAccept(text -> latch.countDown());
                  return latch.await(2, TimeUnit.MINUTES);
                })
            .get());
  }

  private CompletableFuture<String> dependent(String text) throws InterruptedException {
    return reverse.submit(text).thenApply(result -> result.toUpperCase(java.util.Locale.ROOT));
  }

  @Test
  void callbacksThatWaitForEachOtherInALongChainAllEnd() throws Exception {
    int length = 40;
    pool.close();
    open("longer", ONE.withQueueLength(length + 1));
    CompletableFuture<Long> blocker = pool.submit(PoolTasks.Waiting.class, word);
    List<CountDownLatch> latches =
        IntStream.rangeClosed(0, length).mapToObj(i -> new CountDownLatch(1)).toList();
    CountDownLatch ended = new CountDownLatch(length);
    for (int i = 0; i < length; i++) {
      int number = i;
      CompletableFuture<Void> unused =
          reverse
              .submit("ab")
              .thenAccept(
                  text -> {
                    try {
                      latches.get(number + 1).await();
                      latches.get(number).countDown();
                      ended.countDown();
                    } catch (InterruptedException e) {
                      throw new IllegalStateException(e);
                    }
                  });
    }
    latches.get(length).countDown();
    release(); // only now are there results, for threads of the pool
    assertEquals(word, blocker.get());
    assertTrue(ended.await(2, TimeUnit.MINUTES), () -> ended.getCount() + " are left");
  }

  @Test
  void aTaskThatWouldWaitForItsOwnPoolIsToldSo() throws Exception {
    for (String way : PoolTasks.WaitingForOwn.WAYS) {
      ExecutionException failed =
          assertThrows(
              ExecutionException.class,
              () -> pool.submit(PoolTasks.WaitingForOwn.class, way).get());
      TaskException thrown = assertInstanceOf(TaskException.class, failed.getCause(), way);
      assertEquals(IllegalStateException.class.getName(), thrown.type(), way);
      assertTrue(thrown.text().contains("another task of its pool"), thrown::text);
    }
    assertEquals("ba", reverse.submit("ab").get(), "the worker goes on");
  }

  @Test
  void whoTakesOutputAndWouldWaitForThePoolIsToldSo() throws Exception {
    pool.close();
    CompletableFuture<Throwable> refused = new CompletableFuture<>();
    open(
        "pool",
        ONE.withWorker(
            worker ->
                worker.withOutput(
                    WorkerOutput.toConsumer(
                        line -> {
                          try {
                            pool.submit(PoolTasks.Waiting.class, word).get();
                          } catch (Throwable thrown) {
                            refused.complete(thrown);
                          }
                        }))));
    pool.submit(PoolTasks.Printing.class, "a line").get();
    IllegalStateException thrown = assertInstanceOf(IllegalStateException.class, refused.get());
    release();
    assertTrue(thrown.getMessage().contains("the output of a worker"), thrown::getMessage);
  }

  /** What an exception says: newer JDKs give that of a cancelled future as the cause of another. */
  static String withCauses(Throwable thrown) {
    StringBuilder text = new StringBuilder();
    for (Throwable e = thrown; e != null; e = e.getCause()) {
      text.append(e).append('\n');
    }
    return text.toString();
  }

  @Test
  void anErrorThatEndsTheWatchOverTheWorkersIsToldToWhoWaits() throws Exception {
    CompletableFuture<Long> task = pool.submit(PoolTasks.Waiting.class, word);
    Properties real = System.getProperties();
    System.setProperties(new FailingProperties(real));
    try {
      ProcessHandle.of(pool.workerPids().get(0)).orElseThrow().destroyForcibly();
      CancellationException stopped = assertThrows(CancellationException.class, task::join);
      String why = withCauses(stopped);
      assertTrue(why.contains("not watched any more"), why);
      assertTrue(why.contains("no such library"), why);
    } finally {
      System.setProperties(real);
    }
    assertTrue(pool.isShutdown());
    assertFalse(pool.unfinishedTasks() > 0);
  }

  /** Throws an error in the thread that starts workers. */
  private static final class FailingProperties extends Properties {
    private static final long serialVersionUID = 1;

    FailingProperties(Properties real) {
      putAll(real);
    }

    @Override
    public String getProperty(String key) {
      return value(super.getProperty(key));
    }

    @Override
    public String getProperty(String key, String absent) {
      return value(super.getProperty(key, absent));
    }

    private static String value(String value) {
      if (Thread.currentThread().getName().startsWith("workers-of-")) {
        throw new UnsatisfiedLinkError("no such library");
      }
      return value;
    }
  }
}
