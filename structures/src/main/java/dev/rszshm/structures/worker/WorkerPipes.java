package dev.rszshm.structures.worker;

import dev.rszshm.structures.internal.worker.LastLines;
import dev.rszshm.structures.internal.worker.OutputPipe;
import dev.rszshm.structures.internal.worker.OutputPump;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Standard output and standard error of a worker, as its starter reads them. */
final class WorkerPipes implements AutoCloseable {
  private final OutputPipe output;
  private final OutputPipe error;
  private final LastLines lastOutput = new LastLines();
  private final LastLines lastErrors = new LastLines();
  private List<OutputPump> pumps = List.of();

  private WorkerPipes(OutputPipe output, OutputPipe error) {
    this.output = output;
    this.error = error;
  }

  static WorkerPipes open() throws IOException {
    OutputPipe output = OutputPipe.open();
    boolean opened = false;
    try {
      WorkerPipes pipes = new WorkerPipes(output, OutputPipe.open());
      opened = true;
      return pipes;
    } finally {
      if (!opened) {
        output.handedOver();
        output.close();
      }
    }
  }

  /** Lets a process that is to be started write into them. */
  void redirect(ProcessBuilder builder) {
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output.target()));
    builder.redirectError(ProcessBuilder.Redirect.appendTo(error.target()));
  }

  /** Says that the process has been started. */
  void handedOver() {
    output.handedOver();
    error.handedOver();
  }

  /** Starts to read. */
  void pump(String worker, long pid, Consumer<WorkerLine> consumer) {
    OutputPump first =
        pump(output, "output-of-", worker, pid, WorkerLine.Source.OUTPUT, lastOutput, consumer);
    pumps = List.of(first);
    OutputPump second =
        pump(error, "errors-of-", worker, pid, WorkerLine.Source.ERROR, lastErrors, consumer);
    pumps = List.of(first, second);
  }

  private static OutputPump pump(
      OutputPipe pipe,
      String kind,
      String worker,
      long pid,
      WorkerLine.Source source,
      LastLines last,
      Consumer<WorkerLine> consumer) {
    return OutputPump.start(
        pipe,
        WorkerLine.MAX_LENGTH,
        kind,
        pid,
        last::add,
        line -> consumer.accept(new WorkerLine(worker, pid, source, line)));
  }

  /** Says that the worker has ended; returns a future of when all that it wrote is taken. */
  CompletableFuture<Void> end() {
    pumps.forEach(OutputPump::workerEnded);
    return CompletableFuture.allOf(
        pumps.stream().map(OutputPump::end).toArray(CompletableFuture<?>[]::new));
  }

  List<String> lastOutput() {
    return lastOutput.snapshot();
  }

  List<String> lastErrors() {
    return lastErrors.snapshot();
  }

  /** Closes them, of a worker that has not been started, or whose starter has failed. */
  @Override
  public void close() {
    handedOver();
    output.close();
    error.close();
  }
}
