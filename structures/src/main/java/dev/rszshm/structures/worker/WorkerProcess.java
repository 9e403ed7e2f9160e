package dev.rszshm.structures.worker;

import dev.rszshm.structures.internal.worker.CommandText;
import dev.rszshm.structures.internal.worker.LastLines;
import dev.rszshm.structures.internal.worker.StartCache;
import dev.rszshm.structures.internal.worker.StartFile;
import dev.rszshm.structures.worker.errors.WorkerStartException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The starter's handle on a worker. May be used by several threads at a time.
 *
 * <p>A worker ends with its starter, however that ends, unless it was told to outlive it.
 */
public final class WorkerProcess implements AutoCloseable {
  /** The ends of a JVM by SIGABRT, SIGBUS and SIGSEGV. */
  private static final Set<Integer> CRASHES = Set.of(128 + 6, 128 + 7, 128 + 11);

  private static final long LOOK_MILLIS = 1;

  /** How long the rest of the output of a worker that has ended may take. */
  private static final Duration REST_OF_OUTPUT = Duration.ofSeconds(1);

  private final WorkerSpec spec;
  private final List<String> command;
  private final Process process;
  private final StartFile file;
  private final long outputStart;
  private final Optional<WorkerPipes> pipes;
  private final CompletableFuture<WorkerExit> exit;
  private volatile boolean ready;

  WorkerProcess(
      WorkerSpec spec,
      List<String> command,
      Process process,
      StartFile file,
      long outputStart,
      Optional<WorkerPipes> pipes) {
    this.spec = spec;
    this.command = List.copyOf(command);
    this.process = process;
    this.file = file;
    this.outputStart = outputStart;
    this.pipes = pipes;
    pipes.ifPresent(made -> made.pump(spec.name(), pid(), spec.output().consumer().orElseThrow()));
    this.exit = process.onExit().thenCompose(ended -> endOfOutput()).thenApply(ended -> exit());
  }

  /** What the worker has written is there; only its taking can last. */
  private CompletableFuture<Void> endOfOutput() {
    CompletableFuture<Void> end =
        pipes.map(WorkerPipes::end).orElseGet(() -> CompletableFuture.completedFuture(null));
    return end.completeOnTimeout(null, REST_OF_OUTPUT.toMillis(), TimeUnit.MILLISECONDS);
  }

  private WorkerExit exit() {
    ready |= file.isReady();
    try {
      file.close();
    } catch (IOException e) {
      // Nobody reads it any more, and the system has its descriptor back.
    }
    int status = process.exitValue();
    if (!ready && CRASHES.contains(status)) {
      StartCache.noteCrash(command);
    }
    return new WorkerExit(pid(), status, lastErrors());
  }

  private List<String> lastErrors() {
    return pipes
        .map(WorkerPipes::lastErrors)
        .orElseGet(() -> LastLines.ofFile(spec.output().file().orElseThrow(), outputStart));
  }

  /** Returns the name of its {@link WorkerSpec}. */
  public String name() {
    return spec.name();
  }

  /** Returns its process id. */
  public long pid() {
    return process.pid();
  }

  /** Returns its command line. */
  public List<String> command() {
    return command;
  }

  /** Returns whether it runs, or is stopped. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Returns whether it has said that it is ready. */
  public boolean isReady() {
    if (!ready && file.isReady()) {
      ready = true;
    }
    return ready;
  }

  /** Lets a worker go on that waits in {@link WorkerContext#awaitBegin}, or will come there. */
  public void begin() {
    file.begin();
  }

  /**
   * Returns a future that is completed when the worker has ended and what it had written has been
   * delivered. Whoever completes it changes nothing here.
   */
  public CompletableFuture<WorkerExit> onExit() {
    return exit.copy();
  }

  /** Returns how it ended; empty while {@link #onExit} is not complete. */
  public Optional<WorkerExit> exited() {
    return exit.isDone() && !exit.isCompletedExceptionally()
        ? Optional.of(exit.join())
        : Optional.empty();
  }

  /**
   * Waits until the worker is ready for its first task.
   *
   * @return false if the time is over, and the worker has not ended
   * @throws WorkerStartException if it has ended before it was ready; the message says how, and has
   *     what it wrote on its standard error and its standard output, and its command line
   */
  public boolean awaitReady(Duration timeout) throws InterruptedException {
    long deadline = deadline(timeout);
    while (!isReady()) {
      long left = deadline - System.nanoTime();
      if (!process.isAlive()) {
        WorkerExit ended = awaitExit();
        if (isReady()) {
          return true;
        }
        throw new WorkerStartException(describe(ended));
      }
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.sleep(Math.min(left, TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS)));
    }
    return true;
  }

  private static long deadline(Duration timeout) {
    long now = System.nanoTime();
    try {
      return Math.max(timeout.toNanos(), 0) > Long.MAX_VALUE / 2
          ? now + Long.MAX_VALUE / 2
          : now + Math.max(timeout.toNanos(), 0);
    } catch (ArithmeticException tooLong) {
      return timeout.isNegative() ? now : now + Long.MAX_VALUE / 2;
    }
  }

  private String describe(WorkerExit ended) {
    StringBuilder text = new StringBuilder(spec.name());
    text.append(" (pid ").append(pid()).append(") ended before it was ready: ");
    text.append(ended.describe()).append(". ");
    text.append(
        ended.lastErrors().isEmpty()
            ? "It wrote nothing on its standard error."
            : "It wrote on its standard error:");
    ended.lastErrors().forEach(line -> text.append("\n  ").append(line));
    List<String> output = pipes.map(WorkerPipes::lastOutput).orElse(List.of());
    if (!output.isEmpty()) {
      text.append("\nIt wrote on its standard output:");
      output.forEach(line -> text.append("\n  ").append(line));
    }
    return text.append("\nIts command was: ").append(CommandText.of(command)).toString();
  }

  /** Waits until the worker has ended. */
  public WorkerExit awaitExit() throws InterruptedException {
    try {
      return exit.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the end of " + spec.name() + " was not noticed", e);
    }
  }

  /** Waits until the worker has ended; empty if the time is over before. */
  public Optional<WorkerExit> awaitExit(Duration timeout) throws InterruptedException {
    try {
      return Optional.of(
          exit.get(Math.max(0, deadline(timeout) - System.nanoTime()), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the end of " + spec.name() + " was not noticed", e);
    }
  }

  /** Asks the worker to end (SIGTERM), and does not wait: its shutdown hooks run. */
  public void terminate() {
    process.toHandle().destroy();
  }

  /** Ends the worker at once (SIGKILL), and does not wait. */
  public void kill() {
    // Process.destroyForcibly would close the streams, with what has not been read yet.
    process.toHandle().destroyForcibly();
  }

  /**
   * Ends the worker at once if it still runs, and waits until it has gone, also on an interrupted
   * thread.
   */
  @Override
  public void close() {
    kill();
    CompletableFuture<?> over = exit.handle((ended, failure) -> true);
    over.join();
  }

  @Override
  public String toString() {
    return spec.name() + " (pid " + pid() + ")";
  }
}
