package dev.rszshm.testkit.process;

/** A worker did something else than the test expects; the message holds all that it printed. */
public final class WorkerError extends AssertionError {
  private static final long serialVersionUID = 1L;

  WorkerError(String message) {
    super(message);
  }

  WorkerError(String message, Throwable cause) {
    super(message, cause);
  }
}
