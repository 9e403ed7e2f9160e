package dev.rszshm.testkit.process;

import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a {@link KillStorm} has done.
 *
 * @param seed from which all its choices came
 * @param kills how many workers were killed
 * @param atSteps how many of them killed themselves at a step
 * @param stops how often a worker stood still during a kill
 * @param places how many died at each place; those killed at a moment are not in it
 * @param time how long the kills took, without the start of the first workers
 */
public record StormReport(
    long seed, int kills, int atSteps, int stops, Map<String, Integer> places, Duration time) {

  /** Kills per second. */
  public double rate() {
    return kills / (time.toNanos() / 1e9);
  }

  /** Several lines: the figures, and the places, the most frequent first. */
  @Override
  public String toString() {
    String histogram =
        places.entrySet().stream()
            .sorted(
                Comparator.comparing((Map.Entry<String, Integer> place) -> -place.getValue())
                    .thenComparing(Map.Entry::getKey))
            .map(place -> String.format(Locale.ROOT, "%n%7d  %s", place.getValue(), place.getKey()))
            .collect(Collectors.joining());
    return String.format(
        Locale.ROOT,
        "%d kills in %.1f s, %.1f a second; %d at a step, %d beside a stopped one; seed %d%s",
        kills,
        time.toMillis() / 1e3,
        rate(),
        atSteps,
        stops,
        seed,
        histogram);
  }
}
