package dev.rszshm.cli.worker;

import java.util.Optional;

/**
 * How a worker ended.
 *
 * @param letter its letter
 * @param pid its process id
 * @param bytes bytes it says it worked on; -1 if it did not say
 * @param status exit status if it died, else 0
 * @param failure what it has told of an error that it met
 */
public record WorkerResult(
    char letter, long pid, long bytes, int status, Optional<Failure> failure) {
  /**
   * An error, as a worker tells it.
   *
   * @param kind for programs
   * @param message for people
   */
  public record Failure(String kind, String message) {}

  private static final int SIGNALLED = 128;

  /** It has done what it was told. */
  public static WorkerResult done(char letter, long pid, long bytes) {
    return new WorkerResult(letter, pid, bytes, 0, Optional.empty());
  }

  /** It has told of an error. */
  public static WorkerResult failed(char letter, long pid, String kind, String message) {
    return new WorkerResult(letter, pid, -1, 0, Optional.of(new Failure(kind, message)));
  }

  /** It ended without a word. */
  public static WorkerResult died(char letter, long pid, int status) {
    return new WorkerResult(letter, pid, -1, status, Optional.empty());
  }

  /** Whether it ended without a word. */
  public boolean died() {
    return bytes < 0 && failure.isEmpty();
  }

  /** Whether it met an error, and said so. */
  public boolean failed() {
    return failure.isPresent();
  }

  /** The exit status for the user; a signal by its name where it has a well-known one. */
  public String describeStatus() {
    if (status <= SIGNALLED) {
      return "exit status " + status;
    }
    int signal = status - SIGNALLED;
    String name =
        switch (signal) {
          case 1 -> " (SIGHUP)";
          case 2 -> " (SIGINT)";
          case 6 -> " (SIGABRT)";
          case 7 -> " (SIGBUS)";
          case 9 -> " (SIGKILL)";
          case 11 -> " (SIGSEGV)";
          case 15 -> " (SIGTERM)";
          default -> "";
        };
    return "signal " + signal + name;
  }

  /** Who died, and how, for the user. */
  public String describeDeath() {
    return "worker " + letter + " (pid " + pid + ") died: " + describeStatus();
  }
}
