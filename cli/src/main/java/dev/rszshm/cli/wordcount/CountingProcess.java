package dev.rszshm.cli.wordcount;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.cli.CommandException;
import dev.rszshm.structures.pool.errors.TaskException;
import org.jspecify.annotations.Nullable;

/** What the tasks of one worker have in common, whose thread is one. */
final class CountingProcess {
  private static @Nullable SharedCount count;

  private static SharedCount.Steps steps = step -> {};

  private CountingProcess() {}

  /** What a worker could not do, as its exception tells it: a kind, and the message. */
  private static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failure(String message) {
      super(message);
    }
  }

  /** Tells a test of each step of this process. */
  static synchronized void prepare(SharedCount.Steps newSteps) {
    steps = newSteps;
  }

  /** Returns the count of the heap of this worker. */
  static synchronized SharedCount count(Allocator allocator) {
    if (count == null) {
      count = SharedCount.find(allocator, steps);
    }
    return count;
  }

  /** Returns an exception that is told to the command with the kind of another one. */
  static RuntimeException told(CommandException e) {
    return new Failure(e.kind() + " " + e.getMessage());
  }

  /** Returns what a worker has told. */
  static CommandException failure(TaskException e) {
    String[] words = e.text().split(" ", 2);
    return e.type().equals(Failure.class.getName()) && words.length == 2
        ? CommandException.failed(words[0], words[1])
        : CommandException.failed("internal", e.type() + ": " + e.text());
  }
}
