package dev.rszshm.testkit.history;

import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * The death of a process, at some instant between two logical times.
 *
 * @param process the name of the process
 * @param from when it was alive for the last time that is known of
 * @param to when it was seen to be dead, or nothing if it may yet live
 */
public record Death(String process, long from, OptionalLong to) {

  /**
   * A death as given.
   *
   * @throws IllegalArgumentException if it ends before it begins
   */
  public Death {
    Objects.requireNonNull(process, "process");
    if (to.isPresent() && to.getAsLong() < from) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s dies from %d to %d: the end is before the beginning",
              process,
              from,
              to.getAsLong()));
    }
  }
}
