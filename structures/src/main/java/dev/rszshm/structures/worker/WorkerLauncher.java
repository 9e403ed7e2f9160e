package dev.rszshm.structures.worker;

import dev.rszshm.structures.internal.worker.JavaCommand;
import dev.rszshm.structures.internal.worker.StartFile;
import dev.rszshm.structures.internal.worker.Starter;
import dev.rszshm.structures.worker.errors.WorkerStartException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Starts worker processes. */
public final class WorkerLauncher {
  private WorkerLauncher() {}

  /**
   * Starts a worker, and does not wait for it: several start at the same time. {@link
   * WorkerProcess#awaitReady} waits, and tells why a worker does not come up. An interrupt has no
   * effect. May be called by any thread.
   *
   * @throws WorkerStartException if the system cannot start it: there is no such JDK or directory,
   *     or no memory for one more process
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
    builder.command(command);
    spec.workingDirectory().map(Path::toFile).ifPresent(builder::directory);
    spec.output()
        .file()
        .map(file -> ProcessBuilder.Redirect.appendTo(file.toFile()))
        .ifPresent(file -> builder.redirectOutput(file).redirectError(file));
    try {
      return Starter.call(() -> start(spec, builder, content));
    } catch (IOException e) {
      throw new WorkerStartException(
          "cannot start "
              + spec.name()
              + ": "
              + e.getMessage()
              + ". Its command is: "
              + String.join(" ", command),
          e);
    }
  }

  private static WorkerProcess start(
      WorkerSpec spec, ProcessBuilder builder, StartFile.Content content) throws IOException {
    long outputStart = spec.output().file().map(output -> output.toFile().length()).orElse(0L);
    StartFile file = StartFile.create(content);
    Process process = null;
    boolean started = false;
    try {
      builder.redirectInput(file.path().toFile());
      process = builder.start();
      file.hold();
      WorkerProcess worker = new WorkerProcess(spec, builder.command(), process, file, outputStart);
      started = true;
      return worker;
    } finally {
      if (!started) {
        if (process != null) {
          process.destroyForcibly();
        }
        file.close();
      }
    }
  }
}
