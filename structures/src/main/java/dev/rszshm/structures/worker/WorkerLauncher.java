package dev.rszshm.structures.worker;

import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.structures.internal.worker.ArgumentFile;
import dev.rszshm.structures.internal.worker.CommandText;
import dev.rszshm.structures.internal.worker.JavaCommand;
import dev.rszshm.structures.internal.worker.StartFile;
import dev.rszshm.structures.internal.worker.Starter;
import dev.rszshm.structures.worker.errors.WorkerStartException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Starts worker processes. */
public final class WorkerLauncher {
  private WorkerLauncher() {}

  /**
   * Starts a worker, and does not wait for it: several start at the same time. {@link
   * WorkerProcess#awaitReady} waits, and tells why a worker does not come up. An interrupt has no
   * effect. May be called by any thread.
   *
   * @throws WorkerStartException if the system cannot start it: there is no such JDK or directory,
   *     no memory for one more process, or no descriptor for a pipe
   */
  public static WorkerProcess start(WorkerSpec spec) {
    WorkerSpec.Entry entry = spec.entry();
    StartFile.Content content =
        new StartFile.Content(
            ProcessHandle.current().pid(),
            spec.outlives(),
            entry.isMain(),
            entry.className(),
            spec.arguments());
    ProcessBuilder builder = new ProcessBuilder();
    Map<String, String> environment = builder.environment();
    spec.environment()
        .forEach(
            (variable, value) ->
                value.ifPresentOrElse(
                    text -> environment.put(variable, text), () -> environment.remove(variable)));
    List<String> command = JavaCommand.of(spec.java(), environment);
    spec.workingDirectory().map(Path::toFile).ifPresent(builder::directory);
    spec.output()
        .file()
        .map(file -> ProcessBuilder.Redirect.appendTo(file.toFile()))
        .ifPresent(file -> builder.redirectOutput(file).redirectError(file));
    try {
      return Starter.call(() -> start(spec, command, builder, content));
    } catch (IOException | HeapException e) {
      throw new WorkerStartException(
          "cannot start "
              + spec.name()
              + ": "
              + e.getMessage()
              + ". Its command is: "
              + CommandText.of(command),
          e);
    }
  }

  private static WorkerProcess start(
      WorkerSpec spec, List<String> command, ProcessBuilder builder, StartFile.Content content)
      throws IOException {
    long outputStart = spec.output().file().map(output -> output.toFile().length()).orElse(0L);
    Optional<ArgumentFile> arguments = ArgumentFile.of(command);
    Optional<WorkerPipes> pipes = Optional.empty();
    StartFile file = null;
    Process process = null;
    boolean started = false;
    try {
      file = StartFile.create(content);
      if (spec.output().file().isEmpty()) {
        WorkerPipes made = WorkerPipes.open();
        pipes = Optional.of(made);
        made.redirect(builder);
      }
      builder.command(arguments.map(made -> made.command(command.get(0))).orElse(command));
      builder.redirectInput(file.path().toFile());
      process = builder.start();
      pipes.ifPresent(WorkerPipes::handedOver);
      file.hold();
      WorkerProcess worker = new WorkerProcess(spec, command, process, file, outputStart, pipes);
      arguments.ifPresent(made -> closeAtEnd(worker, made));
      started = true;
      return worker;
    } finally {
      if (!started) {
        if (process != null) {
          process.destroyForcibly();
        }
        pipes.ifPresent(WorkerPipes::close);
        arguments.ifPresent(ArgumentFile::close);
        if (file != null) {
          file.close();
        }
      }
    }
  }

  private static void closeAtEnd(WorkerProcess worker, ArgumentFile arguments) {
    CompletableFuture<Void> unused = worker.onExit().thenRun(arguments::close);
  }
}
