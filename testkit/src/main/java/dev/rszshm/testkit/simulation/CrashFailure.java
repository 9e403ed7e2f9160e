package dev.rszshm.testkit.simulation;

/**
 * A death left something that could not be recovered. The message says where the process died, what
 * it left in memory, what happened then, and how to repeat it.
 */
public final class CrashFailure extends AssertionError {
  private static final long serialVersionUID = 1L;

  private final String crash;

  CrashFailure(String message, String crash, Throwable cause) {
    super(message, cause);
    this.crash = crash;
  }

  /** The text that {@link CrashReplay#replay} repeats it with. */
  public String crash() {
    return crash;
  }
}
