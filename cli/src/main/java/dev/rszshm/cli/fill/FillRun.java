package dev.rszshm.cli.fill;

import dev.rszshm.cli.CommandException;
import dev.rszshm.cli.fill.FillResult.Account;
import dev.rszshm.cli.fill.FillResult.Problem;
import dev.rszshm.cli.fill.FillResult.Repair;
import dev.rszshm.cli.worker.Interruption;
import dev.rszshm.cli.worker.Letters;
import dev.rszshm.cli.worker.Progress;
import dev.rszshm.cli.worker.StartedWorker;
import dev.rszshm.cli.worker.WorkerResult;
import dev.rszshm.cli.worker.Workers;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.HeapBuilder;
import dev.rszshm.heap.errors.HeapAccessDeniedException;
import dev.rszshm.heap.errors.HeapExistsException;
import dev.rszshm.heap.errors.NoSuchHeapException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** One fill from the heap's creation to its end. */
public final class FillRun {
  private static final double NANOS_PER_SECOND = 1e9;

  private final FillTask task;
  private final FillReport report;
  private final Interruption interruption;
  private final Heap heap;
  private final Workers workers;

  private FillRun(FillTask task, FillReport report, Interruption interruption, Heap heap) {
    this.task = task;
    this.report = report;
    this.interruption = interruption;
    this.heap = heap;
    this.workers = task.workers(heap.path());
  }

  /**
   * Makes a heap, lets workers fill it, verifies every byte, reports.
   *
   * @return whether all is right
   * @throws CommandException if it could not be done
   */
  public static boolean run(FillTask task, FillReport report) {
    Interruption interruption = Interruption.handle(line -> report.failed("interrupted", line));
    FillResult result;
    try {
      Heap heap = interruption.own(() -> create(task));
      FillRun run = new FillRun(task, report, interruption, heap);
      try {
        result = run.fill();
      } finally {
        run.cleanUp();
      }
    } finally {
      interruption.over();
    }
    report.finished(result);
    return result.verified();
  }

  private static Heap create(FillTask task) {
    HeapBuilder builder =
        Heap.builder().name("fill").length(task.initialLength(FillLayout.PLAIN_HEADER_LENGTH));
    if (task.options().plain) {
      builder.plain();
    }
    if (task.span() > 0) {
      builder.span(task.span());
    }
    Heap made;
    try {
      Path path = task.options().path;
      made = path == null ? builder.create() : builder.create(path);
    } catch (HeapExistsException | NoSuchHeapException | HeapAccessDeniedException e) {
      throw CommandException.unusable(e.kind(), e.getMessage());
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(String.valueOf(e.getMessage()));
    }
    long most = made.span() - FillLayout.of(made).offset(0);
    if (task.total() > most) {
      made.remove();
      made.close();
      throw CommandException.usage(
          String.format(
              Locale.ROOT,
              "--bytes %d: the span of %d bytes has room for %d: fill less",
              task.total(),
              made.span(),
              most));
    }
    return made;
  }

  private FillResult fill() {
    FillLayout.of(heap).writeTask(heap, task.total(), task.claim());
    report.begun(heap.path(), heap.address());
    interruption.own(workers::endAll);
    long start = System.nanoTime();
    String letters = Letters.first(task.options().workers());
    List<StartedWorker> started = workers.start(letters, FillWorker.CLAIM);
    long release = System.nanoTime();
    List<WorkerResult> results;
    try (Progress progress = report.progress(heap, task.total())) {
      results = workers.run(started);
    }
    double seconds = (System.nanoTime() - release) / NANOS_PER_SECOND;
    workers.awaitAll();
    return judge(results, (release - start) / NANOS_PER_SECOND, seconds);
  }

  private FillResult judge(List<WorkerResult> results, double startSeconds, double seconds) {
    Findings findings = Findings.of(heap, task, results);
    List<WorkerResult> dead = results.stream().filter(WorkerResult::died).toList();
    List<WorkerResult> failed =
        new ArrayList<>(results.stream().filter(WorkerResult::failed).toList());
    Optional<Repair> repair = Optional.empty();
    if (task.options().repair && !dead.isEmpty() && failed.isEmpty()) {
      Repair planned = new Repair(dead.get(0).letter(), findings.missing());
      repair = Optional.of(planned);
      if (!planned.ranges().isEmpty()) {
        WorkerResult result = repair(planned);
        if (result.died() || result.failed()) {
          failed.add(result);
        }
        findings = Findings.of(heap, task, results);
      }
    }
    workers.parkIfEnding();
    List<Account> accounts = new ArrayList<>();
    for (WorkerResult result : results) {
      accounts.add(new Account(result, findings.bytesOf(result)));
    }
    return new FillResult(
        task,
        heap.path(),
        heap.address(),
        accounts,
        startSeconds,
        seconds,
        findings.missing(),
        repair,
        findings.digests(),
        problem(findings, repair.isEmpty() ? dead : List.of(), failed));
  }

  private WorkerResult repair(Repair repair) {
    String order =
        repair.ranges().stream()
            .map(range -> range.from() + "-" + range.to())
            .collect(Collectors.joining(",", FillWorker.WRITE, ""));
    List<StartedWorker> repairer = workers.start(String.valueOf(repair.letter()), order);
    WorkerResult result = workers.run(repairer).get(0);
    workers.awaitAll();
    return result;
  }

  /** All that is wrong, as one; its kind is that of the first. */
  private static Optional<Problem> problem(
      Findings findings, List<WorkerResult> dead, List<WorkerResult> failed) {
    List<Problem> parts = new ArrayList<>();
    for (WorkerResult result : failed) {
      parts.add(
          result
              .failure()
              .map(failure -> new Problem(failure.kind(), failure.message()))
              .orElseGet(() -> new Problem("worker-died", result.describeDeath() + ", repairing")));
    }
    for (WorkerResult result : dead) {
      parts.add(new Problem("worker-died", result.describeDeath()));
    }
    findings.contradiction().ifPresent(text -> parts.add(new Problem("contradiction", text)));
    if (!findings.missing().isEmpty()) {
      parts.add(new Problem("missing", FillText.describeMissing(findings.missing())));
    }
    String text = parts.stream().map(Problem::text).distinct().collect(Collectors.joining("; "));
    return parts.stream().findFirst().map(first -> new Problem(first.kind(), text));
  }

  private void cleanUp() {
    try {
      workers.killAll();
    } finally {
      try {
        if (!task.options().keep) {
          heap.remove();
        }
      } finally {
        heap.close();
      }
    }
  }
}
