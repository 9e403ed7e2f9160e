package dev.rszshm.testkit.simulation;

/**
 * A death left something that could not be recovered. The message says where the process died, what
 * it left in memory, what happened then, and how to repeat it.
 */
public final class CrashFailure extends AssertionError {
  private static final long serialVersionUID = 1L;

  private final String crash;
  private final String fullTrace;

  CrashFailure(String message, String fullTrace, String crash, Throwable cause) {
    super(message, cause);
    this.fullTrace = fullTrace;
    this.crash = crash;
  }

  /** The text that {@link CrashReplay#replay} repeats it with. */
  public String crash() {
    return crash;
  }

  /**
   * All steps, each on a line of its own. In the message, calls of the library are folded, unless
   * the system property {@code dev.rszshm.trace} is {@code full}.
   */
  public String fullTrace() {
    return fullTrace;
  }
}
