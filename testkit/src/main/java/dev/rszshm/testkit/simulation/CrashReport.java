package dev.rszshm.testkit.simulation;

import java.util.List;
import java.util.Locale;

/**
 * What a crash replay that found nothing wrong has tried.
 *
 * @param effects the stores and system calls with an effect of a run without a crash, in words,
 *     with the lines they come from
 * @param crashes deaths that were tried, each with its recovery and check
 * @param reordered how many of them had lost stores that may be carried out late
 * @param kills the most kills in one run
 * @param isComplete whether all deaths within the bounds were tried
 * @param nanos how long it took
 */
public record CrashReport(
    List<String> effects, long crashes, long reordered, int kills, boolean isComplete, long nanos) {

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s: %,d crashes, up to %d in one run, at %d effects (%,d of them with late stores lost) in"
            + " %.2f s",
        isComplete ? "complete" : "not complete",
        crashes,
        kills,
        effects.size(),
        reordered,
        nanos / 1e9);
  }
}
