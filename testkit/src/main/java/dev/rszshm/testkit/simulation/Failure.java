package dev.rszshm.testkit.simulation;

/**
 * What went wrong in a run.
 *
 * @param who a process, or the run as a whole, for people
 * @param cause what was thrown
 */
record Failure(String who, Throwable cause) {
  /** The failure of a process. */
  static Failure of(SimulatedProcess process, Throwable cause) {
    return new Failure("process " + process.name(), cause);
  }

  /** A failure that is that of no process, or that of all. */
  static Failure ofRun(Throwable cause) {
    return new Failure("the run", cause);
  }
}
