package dev.rszshm.cli.worker;

import dev.rszshm.cli.CommandException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parent's side of one worker: see {@link WorkerMain} for what they tell each other. */
public final class WorkerProcess {
  private final char letter;
  private final Process process;
  private final BufferedReader answers;

  private WorkerProcess(char letter, Process process) {
    this.letter = letter;
    this.process = process;
    this.answers =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8), 256);
  }

  static WorkerProcess start(char letter, List<String> command) {
    try {
      return new WorkerProcess(
          letter,
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    } catch (IOException e) {
      throw CommandException.failed(
          "worker", "worker " + letter + " cannot be started: " + e.getMessage());
    }
  }

  /** Its letter. */
  public char letter() {
    return letter;
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /**
   * Waits until the worker is attached.
   *
   * @throws CommandException if it fails to
   */
  void awaitReady() {
    String answer = read();
    if (answer != null && answer.equals(WorkerMain.READY)) {
      return;
    }
    WorkerResult result = result(answer);
    throw result
        .failure()
        .map(failure -> CommandException.failed(failure.kind(), failure.message()))
        .orElseGet(
            () ->
                CommandException.failed(
                    "worker-died",
                    "worker " + describe() + " ended before it began: " + result.describeStatus()));
  }

  /** Tells the worker what to do. Whether it is still there shows in its result. */
  void order(String order) {
    try {
      process.getOutputStream().write((order + "\n").getBytes(StandardCharsets.US_ASCII));
      process.getOutputStream().flush();
    } catch (IOException e) {
      return;
    }
  }

  /** Waits until the worker has done what it was told, or has died. */
  WorkerResult awaitResult() {
    return result(read());
  }

  private WorkerResult result(@Nullable String answer) {
    if (answer == null) {
      return WorkerResult.died(letter, pid(), awaitEnd());
    }
    if (answer.startsWith(WorkerMain.DONE)) {
      long bytes = Long.parseLong(answer.substring(WorkerMain.DONE.length()));
      return WorkerResult.done(letter, pid(), bytes);
    }
    String[] words = answer.split(" ", 3);
    if (words.length < 3 || !answer.startsWith(WorkerMain.FAILED)) {
      return WorkerResult.failed(
          letter, pid(), "internal", "worker " + describe() + " said: " + answer);
    }
    return WorkerResult.failed(letter, pid(), words[1], words[2]);
  }

  /** The next line; null if the worker has ended. */
  private @Nullable String read() {
    try {
      return answers.readLine();
    } catch (IOException e) {
      return null;
    }
  }

  /** Waits until the process has gone; returns its exit status. */
  int awaitEnd() {
    boolean interrupted = false;
    while (true) {
      try {
        int status = process.waitFor();
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
        return status;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
  }

  void kill() {
    process.destroyForcibly();
  }

  String describe() {
    return letter + " (pid " + pid() + ")";
  }
}
