package dev.rszshm.testkit.simulation;

/**
 * Unwinds the thread of a simulated process that was killed. Whatever the thread does on its way
 * out, with its memory or the system, throws this again and has no effect. Do not catch it, or
 * throw it again: who catches everything and goes on for ever is reported.
 */
public final class ProcessKilled extends Error {
  private static final long serialVersionUID = 1L;

  /** One for all, as it has no stack trace and says nothing. */
  @SuppressWarnings("StaticAssignmentOfThrowable")
  static final ProcessKilled INSTANCE = new ProcessKilled();

  private ProcessKilled() {
    super("this simulated process was killed", null, false, false);
  }
}
