package dev.rszshm.testkit.simulation;

import java.time.Duration;
import java.util.Locale;

/**
 * How far an exploration, a number of random schedules or a replay of crashes has got that goes on.
 *
 * @param schedules how many were run; in a replay of crashes, how many deaths were tried
 * @param accesses steps of all processes in all runs
 * @param states different states within the present number of preemptions; 0 if nobody counts
 * @param preemptions with how many of them the schedules are that are run now
 * @param depth how many moves the last run had: at each of them it may have gone on otherwise; in a
 *     replay of crashes, how many deaths
 * @param time since it began
 */
public record Progress(
    long schedules, long accesses, long states, int preemptions, int depth, Duration time) {

  /** Schedules a second. */
  public double rate() {
    return schedules * 1e9 / Math.max(1, time.toNanos());
  }

  @Override
  public String toString() {
    String allowed =
        preemptions == Bounds.UNLIMITED ? "any number of" : Integer.toString(preemptions);
    return String.format(
        Locale.ROOT,
        "%,d schedules in %.1f s (%,.0f/s), %,d accesses, %,d states, %s preemptions, depth %,d",
        schedules,
        time.toMillis() / 1e3,
        rate(),
        accesses,
        states,
        allowed,
        depth);
  }
}
