package dev.rszshm.structures.worker;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where the standard output and the standard error of a worker go.
 *
 * <p>Except for a file, each stream of each worker is read by a thread of its own, line by line. A
 * worker that writes faster than its lines are taken waits; nobody else does. They are read until
 * the worker has ended: a process that it has left and that writes on gets an error then, or
 * SIGPIPE.
 */
public final class WorkerOutput {
  private final @Nullable Consumer<WorkerLine> consumer;
  private final @Nullable Path file;

  private WorkerOutput(@Nullable Consumer<WorkerLine> consumer, @Nullable Path file) {
    this.consumer = consumer;
    this.file = file;
  }

  /**
   * Prints each line, with the name and the process id of the worker before it, on {@link
   * System#out} or {@link System#err} of this process.
   */
  public static WorkerOutput toStreams() {
    return toConsumer(WorkerOutput::print);
  }

  // What is asked at each line, so that System.setOut has its effect.
  private static void print(WorkerLine line) {
    PrintStream stream = line.source() == WorkerLine.Source.ERROR ? System.err : System.out;
    stream.println(line.prefixed());
  }

  /**
   * Hands each line to a consumer. It is called by two threads for each worker, one for each
   * stream. When it throws, that is logged, and it gets no more lines of that stream.
   */
  public static WorkerOutput toConsumer(Consumer<WorkerLine> consumer) {
    return new WorkerOutput(Objects.requireNonNull(consumer), null);
  }

  /**
   * Appends both streams to a file, as they are. The worker writes it itself, also when its starter
   * has ended.
   */
  public static WorkerOutput toFile(Path file) {
    return new WorkerOutput(null, file.toAbsolutePath());
  }

  /** Throws both streams away; the last lines of the standard error are in {@link WorkerExit}. */
  public static WorkerOutput discarded() {
    return toConsumer(line -> {});
  }

  /** Returns who gets the lines. */
  Optional<Consumer<WorkerLine>> consumer() {
    return Optional.ofNullable(consumer);
  }

  /** Returns the file. */
  Optional<Path> file() {
    return Optional.ofNullable(file);
  }
}
