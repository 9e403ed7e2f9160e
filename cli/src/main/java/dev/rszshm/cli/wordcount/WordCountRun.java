package dev.rszshm.cli.wordcount;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.cli.CommandException;
import dev.rszshm.cli.worker.Interruption;
import dev.rszshm.cli.worker.Progress;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.HeapBuilder;
import dev.rszshm.structures.pool.WorkerPool;
import dev.rszshm.structures.pool.errors.TaskException;
import dev.rszshm.structures.pool.errors.WorkerDiedException;
import dev.rszshm.structures.worker.errors.WorkerStartException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One count from the heap's creation to its end. */
public final class WordCountRun {
  private static final String POOL = "wordcount";
  private static final double NANOS_PER_SECOND = 1e9;
  private static final long END_SECONDS = 20;

  private final WordCountTask task;
  private final WordCountReport report;
  private final Heap heap;
  private final WordCountWorkers workers = new WordCountWorkers();
  private final Thread thread = Thread.currentThread();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable WorkerPool pool;

  private WordCountRun(WordCountTask task, WordCountReport report, Heap heap) {
    this.task = task;
    this.report = report;
    this.heap = heap;
  }

  /**
   * Makes a heap, lets workers count words in it, removes it, reports.
   *
   * @throws CommandException if it could not be done
   */
  public static void run(WordCountTask task, WordCountReport report) {
    Interruption interruption = Interruption.handle(line -> report.failed("interrupted", line));
    WordCountResult result;
    try {
      Heap heap = interruption.own(() -> create(task));
      WordCountRun run = new WordCountRun(task, report, heap);
      interruption.own(run::end);
      try {
        result = run.count();
      } finally {
        run.cleanUp();
      }
    } finally {
      interruption.over();
    }
    report.finished(result);
  }

  private static Heap create(WordCountTask task) {
    HeapBuilder builder = Heap.builder().name("wordcount");
    if (task.span() > 0) {
      builder.span(task.span());
    }
    return builder.create();
  }

  /** What one worker could not do, another one, or this process, could not do either. */
  private WordCountResult count() {
    try (Allocator allocator = Allocator.on(heap)) {
      return count(allocator);
    } catch (TaskException e) {
      throw CountingProcess.failure(e);
    } catch (WorkerDiedException | WorkerStartException e) {
      throw CommandException.failed("worker-died", e.getMessage());
    } catch (CancellationException | RejectedExecutionException e) {
      throw CommandException.failed("worker", e.getMessage());
    } catch (InterruptedException e) {
      throw CommandException.failed("interrupted", "interrupted: the words are not counted");
    }
  }

  private WordCountResult count(Allocator allocator) throws InterruptedException {
    SharedCount count = SharedCount.make(allocator, task.corpus());
    long start = System.nanoTime();
    long release;
    try (WorkerPool opened = WorkerPool.named(allocator, POOL, task.pool(workers))) {
      pool = opened;
      release = System.nanoTime();
      AtomicLong blocks = new AtomicLong();
      try (Progress progress =
          report.progress(() -> task.corpus().bytesBefore(blocks.get()), task.corpus().length())) {
        opened.parallelFor(
            0, task.corpus().blocks(), 1, CountingBlocks.class, (done, total) -> blocks.set(done));
        opened.parallelFor(0, BlockCounts.PARTITIONS, 1, MergingPartitions.class);
      }
    }
    return new WordCountResult(
        task.corpus().length(),
        workers.all(count.bytesByProcess()),
        count.words().sum(),
        count.words().size(),
        count.words().top(task.top()),
        (release - start) / NANOS_PER_SECOND,
        (System.nanoTime() - release) / NANOS_PER_SECOND);
  }

  /** Ends the workers while another thread counts, and returns when that has cleaned up. */
  private void end() {
    thread.interrupt();
    WorkerPool opened = pool;
    try {
      if (opened != null) {
        int unused = opened.shutdownNow();
        workers.kill();
      }
    } catch (IllegalStateException e) {
      // The heap is closed, and the workers have ended.
    }
    try {
      boolean unused = ended.await(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void cleanUp() {
    try {
      heap.remove();
    } finally {
      heap.close();
      ended.countDown();
    }
  }
}
