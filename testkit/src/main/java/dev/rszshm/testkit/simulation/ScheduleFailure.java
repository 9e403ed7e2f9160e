package dev.rszshm.testkit.simulation;

/**
 * A run of a simulation went wrong. The message says what, in which order things happened, step by
 * step with the source lines, and how to repeat it.
 */
public final class ScheduleFailure extends AssertionError {
  private static final long serialVersionUID = 1L;

  private final transient Schedule schedule;
  private final long schedules;

  ScheduleFailure(String message, Schedule schedule, long schedules, Throwable cause) {
    super(message, cause);
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
}
