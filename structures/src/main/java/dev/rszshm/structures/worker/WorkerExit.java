package dev.rszshm.structures.worker;

import dev.rszshm.structures.internal.worker.Signals;
import java.util.List;
import java.util.Optional;

/**
 * How a worker ended.
 *
 * @param pid its process id
 * @param status its exit status; 128 plus the number of the signal if a signal ended it
 * @param lastErrors the last lines that it wrote on its standard error, oldest first
 */
public record WorkerExit(long pid, int status, List<String> lastErrors) {
  private static final int SIGNALED = 128;

  /** Copies the list. */
  public WorkerExit {
    lastErrors = List.copyOf(lastErrors);
  }

  /** Returns whether it ended by itself, with the exit status 0. */
  public boolean isSuccess() {
    return status == 0;
  }

  /**
   * Returns the name of the signal that ended it, such as {@code SIGKILL}; empty if it ended by
   * itself. A JVM that has been told to end by a signal says so in its exit status, too.
   */
  public Optional<String> signal() {
    return status > SIGNALED ? Signals.name(status - SIGNALED) : Optional.empty();
  }

  /** Returns how it ended, in a few words: "exit status 1", "signal 9 (SIGKILL)". */
  public String describe() {
    return signal()
        .map(name -> "signal " + (status - SIGNALED) + " (" + name + ")")
        .orElse("exit status " + status);
  }

  @Override
  public String toString() {
    return "worker with pid " + pid + " ended: " + describe();
  }
}
