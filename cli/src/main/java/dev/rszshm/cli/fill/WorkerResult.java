package dev.rszshm.cli.fill;

/**
 * How a worker ended.
 *
 * @param letter its letter
 * @param pid its process id
 * @param bytes bytes it says it wrote; -1 if it did not say
 * @param status exit status if it died, else 0
 * @param kind kind of its failure, or null
 * @param message what failed, or null
 */
record WorkerResult(char letter, long pid, long bytes, int status, String kind, String message) {
  private static final int SIGNALLED = 128;

  static WorkerResult done(char letter, long pid, long bytes) {
    return new WorkerResult(letter, pid, bytes, 0, null, null);
  }

  static WorkerResult failed(char letter, long pid, String kind, String message) {
    return new WorkerResult(letter, pid, -1, 0, kind, message);
  }

  static WorkerResult died(char letter, long pid, int status) {
    return new WorkerResult(letter, pid, -1, status, null, null);
  }

  /** Whether it ended without a word. */
  boolean died() {
    return bytes < 0 && kind == null;
  }

  /** Whether it met an error, and said so. */
  boolean failed() {
    return kind != null;
  }

  /** The exit status for the user; a signal by its name where it has a well-known one. */
  String describeStatus() {
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

  String describeDeath() {
    return "worker " + letter + " (pid " + pid + ") died: " + describeStatus();
  }
}
