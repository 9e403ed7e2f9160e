package dev.rszshm.testkit.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that a test has started and talks to, line by line. {@link WorkerJvm} starts JVMs; any
 * other program is started by {@link #start}.
 *
 * <p>Every wait has a limit, and throws a {@link WorkerError} with everything the process printed
 * when it is over, or when the process has ended instead. Closing kills what still runs; so does
 * the end of the test's JVM.
 *
 * <p>One thread at a time uses a worker process.
 */
public final class WorkerProcess implements AutoCloseable {
  /** How long the kernel may take to end a process that was killed. */
  private static final Duration END = Duration.ofMinutes(3);

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final List<String> command;
  private final Duration limit;
  private final Process process;
  private final WorkerOutput output;
  private final WorkerOutput errors;

  private WorkerProcess(List<String> command, Duration limit, Process process) {
    this.command = command;
    this.limit = limit;
    this.process = process;
    this.output = new WorkerOutput(process.getInputStream(), "output-of-" + process.pid());
    this.errors = new WorkerOutput(process.getErrorStream(), "errors-of-" + process.pid());
  }

  /**
   * Starts a program.
   *
   * @param limit how long each wait for it may last
   */
  public static WorkerProcess start(Duration limit, List<String> command) {
    try {
      Process process = new ProcessBuilder(command).start();
      LiveProcesses.add(process);
      return new WorkerProcess(List.copyOf(command), limit, process);
    } catch (IOException e) {
      throw new WorkerError("cannot start " + command + ": " + e.getMessage(), e);
    }
  }

  /** How long each wait for it may last. */
  Duration limit() {
    return limit;
  }

  /** The process id. */
  public long pid() {
    return process.pid();
  }

  /** Whether it runs, or is stopped. */
  public boolean isRunning() {
    return process.isAlive();
  }

  /** Says a line to the process. */
  public void say(String line) {
    try {
      write(line);
    } catch (IOException e) {
      throw failure("did not hear \"" + line + "\": " + e.getMessage());
    }
  }

  private void write(String line) throws IOException {
    OutputStream in = process.getOutputStream();
    in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    in.flush();
  }

  /** Tells a {@link WorkerJob} that no more lines come; it hears an empty one. */
  public void sayNoMore() {
    say(ControlLine.NO_MORE);
  }

  /** Lets a job begin. A JVM that has ended already does not hear it: the next wait says so. */
  void begin(Object... arguments) {
    try {
      write(ControlLine.begin(arguments));
    } catch (IOException e) {
      // It could not even start.
    }
  }

  /** Waits until the job of a worker has begun, and the start of its JVM is over. */
  void awaitBegun(Duration time) throws InterruptedException {
    if (!output.awaitBegun(Deadline.in(time))) {
      throw failure("has not begun in " + time);
    }
  }

  /**
   * Tells a {@link WorkerJob} to kill itself with SIGKILL when its heaps have done so many more
   * steps on {@link WorkerContext#platform}, counted over all its threads from when it hears this;
   * {@link #awaitDeath} waits for it. One thread stops before the next step; up to the signal, a
   * moment later, others may go on.
   */
  public void killAfter(long steps) {
    say(ControlLine.dieAfter(steps));
  }

  /**
   * Waits until a worker that was told to has killed itself.
   *
   * @return the place: the step that it did not take any more, and the method it was in
   */
  public String awaitDeath() {
    return awaitDeath(limit);
  }

  String awaitDeath(Duration time) {
    WorkerExit exit = await(time);
    Optional<String> where = output.fallen();
    if (!exit.isKilled() || where.isEmpty()) {
      throw failure("ended before it came to the place of its death");
    }
    return where.get();
  }

  /** Closes the standard input of the process. A {@link WorkerJob} is halted by that. */
  public void closeInput() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      throw failure("has an input that cannot be closed: " + e.getMessage());
    }
  }

  /** The lines that the process has said up to now and that nobody has read yet. */
  public List<String> heard() {
    return output.takeAll();
  }

  /** Waits for the next line the process says. */
  public String next() {
    Optional<String> line = poll(limit);
    if (line.isEmpty()) {
      throw failure("said nothing" + (output.hasEnded() ? " before it ended" : " in " + limit));
    }
    return line.get();
  }

  /** Waits for a line for a time of its own; empty if none comes. */
  public Optional<String> poll(Duration time) {
    try {
      return output.next(Deadline.in(time));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WorkerError("interrupted while waiting for a worker", e);
    }
  }

  /** Says a line, and waits for the answer. */
  public String ask(String line) {
    say(line);
    return next();
  }

  /** Waits for the next line, which must be this one. */
  public void expect(String line) {
    String found = next();
    if (!found.equals(line)) {
      throw failure("said \"" + found + "\", expected \"" + line + "\"");
    }
  }

  /** Kills the process with SIGKILL and waits for its end; harmless if it has ended. */
  public WorkerExit kill() {
    // Process.destroyForcibly would close the streams, with what has not been read yet.
    process.toHandle().destroyForcibly();
    return await(END);
  }

  /**
   * Waits until the worker asks for its death with {@link WorkerContext#die}, and kills it there.
   *
   * @return the place it named
   */
  public String killWhereItDies() {
    String where = awaitDying();
    WorkerExit exit = kill();
    if (!exit.isKilled()) {
      throw failure("ended with " + exit + " where it should have been killed: " + where);
    }
    return where;
  }

  /** Waits until the worker has come to the place of its death, and leaves it there. */
  public String awaitDying() {
    String line = next();
    if (!line.startsWith(WorkerContext.DYING)) {
      throw failure("said \"" + line + "\", expected it to come to the place of its death");
    }
    return line.substring(WorkerContext.DYING.length());
  }

  /**
   * Tells a {@link WorkerJob} to stop itself with SIGSTOP when its heaps have done so many more
   * steps on {@link WorkerContext#platform}, counted over all its threads from when it hears this;
   * {@link #awaitStop} waits for it. A number it does not come to stays: say another, or {@link
   * #stopNever}.
   */
  public void stopAfter(long steps) {
    // Nobody else would continue it if this JVM were killed now.
    Reaper.continueAtEnd(pid());
    say(ControlLine.stopAfter(steps));
  }

  /** Takes {@link #stopAfter} back. */
  public void stopNever() {
    say(ControlLine.stopAfter(Long.MAX_VALUE));
  }

  /**
   * Waits until a worker that was told to has stopped itself, or has said a line instead.
   *
   * @return the place: the step that it has not taken yet, and the method it is in; empty if it has
   *     said something instead, which is lost
   */
  public Optional<String> awaitStop() {
    String line = next();
    if (!line.startsWith(WorkerContext.STANDING)) {
      return Optional.empty();
    }
    awaitStandstill();
    return Optional.of(line.substring(WorkerContext.STANDING.length()));
  }

  /** Tells a worker to rest at the next place where it may; {@link #awaitRest} waits for that. */
  void pause() {
    output.forgetRest();
    say(ControlLine.PAUSE);
  }

  /** Waits until a worker rests. */
  void awaitRest(Duration time) throws InterruptedException {
    if (!output.awaitRest(Deadline.in(time))) {
      throw failure(
          "does not come to rest in "
              + time
              + ": it asks neither isDismissed nor for a line. Whoever waits for another worker must"
              + " not do so for ever, as that one rests");
    }
  }

  /** Lets a worker go on that rests. */
  void endPause() {
    say(ControlLine.END_PAUSE);
  }

  /** Lets a worker go on that has stopped itself. */
  public void goOn() {
    resume();
    say(ControlLine.GO_ON);
  }

  /** Stops the process with SIGSTOP, and returns when it stands still. */
  public void stop() {
    // Nobody else would continue it if this JVM were killed now.
    Reaper.continueAtEnd(pid());
    signal("STOP");
    awaitStandstill();
  }

  private void awaitStandstill() {
    Deadline deadline = Deadline.in(limit);
    while (!isStopped(pid())) {
      if (deadline.left() == 0 || !isRunning()) {
        throw failure("does not stop");
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /** Lets a stopped process go on. */
  public void resume() {
    signal("CONT");
  }

  /**
   * Returns whether all threads of a process stand still after a SIGSTOP, which each notices when
   * it comes to run, the first one or not.
   */
  public static boolean isStopped(long pid) {
    try (DirectoryStream<Path> threads =
        Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
      for (Path thread : threads) {
        // The third field; the second, the command in brackets, may contain anything.
        String stat = Files.readString(thread.resolve("stat"));
        if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
          return false;
        }
      }
      return true;
    } catch (IOException | DirectoryIteratorException e) {
      return false; // a thread has ended, or all of them have
    }
  }

  private void signal(String name) {
    try {
      Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start();
      if (kill.waitFor() != 0) {
        throw failure("cannot be sent SIG" + name);
      }
    } catch (IOException e) {
      throw new WorkerError("cannot send SIG" + name + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WorkerError("interrupted while sending SIG" + name, e);
    }
  }

  /** Waits for the end of the process. */
  public WorkerExit await() {
    return await(limit);
  }

  /** Waits for the end of the process for a time of its own; returns whether it has ended. */
  boolean ends(Duration time) {
    try {
      return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WorkerError("interrupted while waiting for a worker", e);
    }
  }

  WorkerExit await(Duration time) {
    try {
      Deadline deadline = Deadline.in(time);
      if (!process.waitFor(deadline.left(), TimeUnit.MILLISECONDS)) {
        throw failure("has not ended in " + time);
      }
      output.awaitEnd(deadline);
      errors.awaitEnd(deadline);
      return new WorkerExit(process.exitValue());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WorkerError("interrupted while waiting for a worker", e);
    }
  }

  /** Waits for the end of the process, which must be a success. */
  public void awaitSuccess() {
    WorkerExit exit = await();
    if (!exit.isSuccess()) {
      throw failure("has failed");
    }
  }

  /** What the process has printed on its standard error. */
  public String errors() {
    return errors.text();
  }

  WorkerError failure(String what) {
    return new WorkerError("worker " + pid() + " " + what, shortCommand() + "\n" + describe());
  }

  /** How it is, and the last lines that it printed. */
  String describe() {
    return String.format(
        Locale.ROOT,
        "%s\n-- its output\n%s\n-- its errors\n%s",
        process.isAlive() ? "running" : new WorkerExit(process.exitValue()),
        output.text(),
        errors.text());
  }

  /** The command without the class path, in which nobody finds anything. */
  String shortCommand() {
    List<String> words = new ArrayList<>(command);
    int classPath = words.indexOf("-cp");
    if (classPath >= 0) {
      words.set(classPath + 1, "...");
    }
    return String.join(" ", words);
  }

  /** Kills the process if it still runs, and waits for its end, also on an interrupted thread. */
  @Override
  public void close() {
    process.destroyForcibly();
    boolean interrupted = Thread.interrupted();
    try {
      await(END);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Closes all of them, killing them first, so that they end at the same time. */
  static void closeAll(Iterable<WorkerProcess> workers) {
    workers.forEach(worker -> worker.process.destroyForcibly());
    workers.forEach(WorkerProcess::close);
  }
}
