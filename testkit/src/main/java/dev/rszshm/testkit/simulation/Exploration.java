package dev.rszshm.testkit.simulation;

import java.util.Locale;

/**
 * What an exploration that found nothing wrong has seen.
 *
 * @param schedules runs from beginning to end, or to a state that was known
 * @param accesses steps of all processes in all runs
 * @param states different states; 0 if nobody counted
 * @param bounds how far it went
 * @param complete whether every schedule within the bounds was covered
 * @param unbounded whether more preemptions would not have allowed more
 * @param nanos how long it took
 */
public record Exploration(
    long schedules,
    long accesses,
    long states,
    Bounds bounds,
    boolean complete,
    boolean unbounded,
    long nanos) {

  /** Accesses a second. */
  public double rate() {
    return accesses * 1e9 / Math.max(1, nanos);
  }

  @Override
  public String toString() {
    String preemptions =
        unbounded ? "any number of preemptions" : bounds.preemptions() + " preemptions";
    return String.format(
        Locale.ROOT,
        "%s: %,d schedules, %,d accesses, %,d states in %.2f s (%,.0f accesses/s); %s, %d kills, %d"
            + " stale loads, %,d looks a loop%s%s",
        complete ? "complete" : "not complete",
        schedules,
        accesses,
        states,
        nanos / 1e9,
        rate(),
        preemptions,
        bounds.kills(),
        bounds.staleLoads(),
        bounds.looks(),
        bounds.stops() == 0 ? "" : ", " + bounds.stops() + " stops",
        bounds.bulkSteps() == Bounds.UNLIMITED ? "" : ", " + bounds.bulkSteps() + " steps a copy");
  }
}
