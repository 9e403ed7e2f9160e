package dev.rszshm.cli.fill;

import dev.rszshm.cli.CommandException;
import dev.rszshm.cli.fill.FillResult.Account;
import dev.rszshm.cli.fill.FillResult.Repair;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.HeapBuilder;
import dev.rszshm.heap.errors.HeapAccessDeniedException;
import dev.rszshm.heap.errors.HeapExistsException;
import dev.rszshm.heap.errors.NoSuchHeapException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** One fill from the heap's creation to its end. */
public final class FillRun {
  private static final double NANOS_PER_SECOND = 1e9;

  private final FillTask task;
  private final FillReport report;
  private final Interruption interruption;
  private Heap heap;
  private Workers workers;

  private FillRun(FillTask task, FillReport report) {
    this.task = task;
    this.report = report;
    this.interruption = Interruption.handle(line -> report.failed("interrupted", line));
  }

  /**
   * Makes a heap, lets workers fill it, verifies every byte, reports.
   *
   * @return whether all is right
   * @throws CommandException if it could not be done
   */
  public static boolean run(FillTask task, FillReport report) {
    FillRun run = new FillRun(task, report);
    FillResult result;
    try {
      run.heap = run.interruption.own(run::create);
      try {
        result = run.fill();
      } finally {
        run.cleanUp();
      }
    } finally {
      run.interruption.over();
    }
    report.finished(result);
    return result.verified();
  }

  private Heap create() {
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
      made = task.options().path == null ? builder.create() : builder.create(task.options().path);
    } catch (HeapExistsException | NoSuchHeapException | HeapAccessDeniedException e) {
      throw CommandException.unusable(e.kind(), e.getMessage());
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e.getMessage());
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
    workers = new Workers(task, heap.path());
    interruption.own(workers);
    long start = System.nanoTime();
    String letters = Letters.first(task.options().workers());
    List<WorkerProcess> processes = workers.start(letters);
    long release = System.nanoTime();
    List<WorkerResult> results;
    try (FillProgress progress = report.progress(heap, task.total())) {
      results = workers.run(processes, FillWorker.CLAIM);
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
    Repair repair = null;
    if (task.options().repair && !dead.isEmpty() && failed.isEmpty()) {
      repair = new Repair(dead.get(0).letter(), findings.missing());
      if (!repair.ranges().isEmpty()) {
        WorkerResult result = repair(repair);
        if (result.died() || result.failed()) {
          failed.add(result);
        }
        findings = Findings.of(heap, task, results);
      }
    }
    workers.parkIfEnding();
    Problem problem = problem(findings, repair == null ? dead : List.of(), failed);
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
        findings.heapDigest(),
        findings.fileDigest(),
        problem == null ? null : problem.text,
        problem == null ? null : problem.kind);
  }

  private WorkerResult repair(Repair repair) {
    String order =
        repair.ranges().stream()
            .map(range -> range.from() + "-" + range.to())
            .collect(Collectors.joining(",", FillWorker.WRITE, ""));
    List<WorkerProcess> repairer = workers.start(String.valueOf(repair.letter()));
    WorkerResult result = workers.run(repairer, order).get(0);
    workers.awaitAll();
    return result;
  }

  private static Problem problem(
      Findings findings, List<WorkerResult> dead, List<WorkerResult> failed) {
    List<String> parts = new ArrayList<>();
    String kind = null;
    for (WorkerResult result : failed) {
      parts.add(result.failed() ? result.message() : result.describeDeath() + ", repairing");
      kind = kind == null && result.failed() ? result.kind() : kind;
    }
    for (WorkerResult result : dead) {
      parts.add(result.describeDeath());
    }
    kind = kind == null && !parts.isEmpty() ? "worker-died" : kind;
    if (findings.contradiction() != null) {
      parts.add(findings.contradiction());
      kind = kind == null ? "contradiction" : kind;
    }
    if (!findings.missing().isEmpty()) {
      parts.add(FillText.describeMissing(findings.missing()));
      kind = kind == null ? "missing" : kind;
    }
    String text = parts.stream().distinct().collect(Collectors.joining("; "));
    return parts.isEmpty() ? null : new Problem(kind, text);
  }

  private void cleanUp() {
    try {
      if (workers != null) {
        workers.killAll();
      }
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

  private record Problem(String kind, String text) {}
}
