package dev.rszshm.testkit.simulation;

/**
 * A run of a simulation went wrong. The message says what, in which order things happened, step by
 * step with the source lines, and how to repeat it.
 */
public final class ScheduleFailure extends AssertionError {
  private static final long serialVersionUID = 1L;

  private final transient Schedule schedule;
  private final long schedules;
  private final String fullTrace;

  ScheduleFailure(
      String message, String fullTrace, Schedule schedule, long schedules, Throwable cause) {
    super(message, cause);
    this.fullTrace = fullTrace;
    this.schedule = schedule;
    this.schedules = schedules;
  }

  /** The order in which things happened: the simplest that was found. */
  public Schedule schedule() {
    return schedule;
  }

  /** How many schedules had been run when one failed, which is the last of them. */
  public long schedules() {
    return schedules;
  }

  /**
   * All steps, each on a line of its own. In the message, calls of the library are folded, unless
   * the system property {@code dev.rszshm.trace} is {@code full}.
   */
  public String fullTrace() {
    return fullTrace;
  }
}
