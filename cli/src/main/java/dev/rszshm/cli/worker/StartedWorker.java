package dev.rszshm.cli.worker;

import dev.rszshm.cli.CommandException;
import dev.rszshm.structures.worker.WorkerExit;
import dev.rszshm.structures.worker.WorkerLauncher;
import dev.rszshm.structures.worker.WorkerLine;
import dev.rszshm.structures.worker.WorkerOutput;
import dev.rszshm.structures.worker.WorkerProcess;
import dev.rszshm.structures.worker.WorkerSpec;
import dev.rszshm.structures.worker.errors.WorkerStartException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The command's side of one worker: see {@link CommandWorker} for what they tell each other. */
public final class StartedWorker {
  private static final Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE);

  private final char letter;
  private final CompletableFuture<String> answer = new CompletableFuture<>();
  private final WorkerProcess process;
  private volatile boolean ready;

  private StartedWorker(char letter, WorkerSpec spec) {
    this.letter = letter;
    this.process = WorkerLauncher.start(spec.withOutput(WorkerOutput.toConsumer(this::take)));
  }

  /**
   * Starts one.
   *
   * @throws CommandException if it cannot be started
   */
  static StartedWorker start(char letter, WorkerSpec spec) {
    try {
      return new StartedWorker(letter, spec.withName("worker " + letter));
    } catch (WorkerStartException e) {
      throw CommandException.failed("worker", e.getMessage());
    }
  }

  /** What it writes on its standard error before it is ready comes with the exception. */
  private void take(WorkerLine line) {
    if (line.source() == WorkerLine.Source.OUTPUT) {
      answer.complete(line.text());
    } else if (ready) {
      System.err.println(line.text());
    }
  }

  /**
   * Waits until the worker is attached. One that was killed meanwhile has a result that says so.
   *
   * @throws CommandException if it fails to
   */
  void awaitReady() {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          ready = process.awaitReady(FOR_EVER);
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (WorkerStartException e) {
      WorkerExit exit = process.onExit().join();
      WorkerResult result = result(exit);
      result.failure().ifPresent(StartedWorker::fail);
      if (exit.signal().isEmpty()) {
        throw CommandException.failed("worker-died", e.getMessage());
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void fail(WorkerResult.Failure failure) {
    throw CommandException.failed(failure.kind(), failure.message());
  }

  /** Lets the worker begin. Whether it is still there shows in its result. */
  void begin() {
    process.begin();
  }

  /** Waits until the worker has done what it was told, or has died. */
  WorkerResult awaitResult() {
    CompletableFuture<WorkerResult> ended = process.onExit().thenApply(this::result);
    return answer.thenApply(this::result).applyToEither(ended, result -> result).join();
  }

  /** What it wrote is there before its end is known. */
  private WorkerResult result(WorkerExit exit) {
    String line = answer.getNow(null);
    return line == null ? WorkerResult.died(letter, process.pid(), exit.status()) : result(line);
  }

  private WorkerResult result(String line) {
    long pid = process.pid();
    if (line.startsWith(CommandWorker.DONE)) {
      return WorkerResult.done(
          letter, pid, Long.parseLong(line.substring(CommandWorker.DONE.length())));
    }
    String[] words = line.split(" ", 3);
    if (words.length < 3 || !line.startsWith(CommandWorker.FAILED)) {
      return WorkerResult.failed(letter, pid, "internal", process + " said: " + line);
    }
    return WorkerResult.failed(letter, pid, words[1], words[2]);
  }

  /** Waits until the process has gone. */
  void awaitEnd() {
    WorkerExit unused = process.onExit().join();
  }

  void kill() {
    process.kill();
  }
}
