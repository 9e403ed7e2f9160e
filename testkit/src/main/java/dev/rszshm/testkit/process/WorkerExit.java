package dev.rszshm.testkit.process;

/**
 * How a process ended.
 *
 * @param status the exit status; 128 plus the number of the signal, if a signal ended it
 */
public record WorkerExit(int status) {
  private static final int SIGNALLED = 128;
  private static final int SIGKILL = 9;

  /** Whether it ended by itself, with status 0. */
  public boolean isSuccess() {
    return status == 0;
  }

  /** Whether SIGKILL ended it. */
  public boolean isKilled() {
    return status == SIGNALLED + SIGKILL;
  }

  @Override
  public String toString() {
    return status > SIGNALLED
        ? "exit status " + status + ", signal " + (status - SIGNALLED)
        : "exit status " + status;
  }
}
