package dev.rszshm.cli.wordcount;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.cli.CommandException;
import dev.rszshm.cli.worker.Interruption;
import dev.rszshm.cli.worker.Letters;
import dev.rszshm.cli.worker.Progress;
import dev.rszshm.cli.worker.StartedWorker;
import dev.rszshm.cli.worker.WorkerResult;
import dev.rszshm.cli.worker.Workers;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.HeapBuilder;
import java.util.List;

/** One count from the heap's creation to its end. */
public final class WordCountRun {
  private static final double NANOS_PER_SECOND = 1e9;

  private final WordCountTask task;
  private final WordCountReport report;
  private final Interruption interruption;
  private final Heap heap;
  private final Workers workers;

  private WordCountRun(
      WordCountTask task, WordCountReport report, Interruption interruption, Heap heap) {
    this.task = task;
    this.report = report;
    this.interruption = interruption;
    this.heap = heap;
    this.workers = task.workers(heap.path());
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
      WordCountRun run = new WordCountRun(task, report, interruption, heap);
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

  private WordCountResult count() {
    try (Allocator allocator = Allocator.on(heap)) {
      WordCountWorker.files(allocator).addAll(task.corpus().files());
      SharedCount count = new SharedCount(allocator, task.corpus(), step -> {});
      interruption.own(workers);
      long start = System.nanoTime();
      String letters = Letters.first(task.workers());
      List<StartedWorker> started = workers.start(letters, WordCountWorker.COUNT);
      long release = System.nanoTime();
      List<WorkerResult> results;
      try (Progress progress = report.progress(count::bytesClaimed, task.corpus().length())) {
        results = workers.run(started);
      }
      workers.awaitAll();
      requireNoFailure(results);
      count.finish();
      long words = count.words().sum();
      long distinct = count.words().size();
      return new WordCountResult(
          task.corpus().length(),
          results,
          words,
          distinct,
          count.words().top(task.top()),
          (release - start) / NANOS_PER_SECOND,
          (System.nanoTime() - release) / NANOS_PER_SECOND);
    }
  }

  /** What one worker could not do, another one, or this process, could not do either. */
  private static void requireNoFailure(List<WorkerResult> results) {
    for (WorkerResult result : results) {
      result
          .failure()
          .ifPresent(
              failure -> {
                throw CommandException.failed(failure.kind(), failure.message());
              });
    }
  }

  private void cleanUp() {
    try {
      workers.killAll();
    } finally {
      try {
        heap.remove();
      } finally {
        heap.close();
      }
    }
  }
}
