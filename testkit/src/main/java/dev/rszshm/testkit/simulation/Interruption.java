package dev.rszshm.testkit.simulation;

/**
 * A point at which a run departs from what happens if nothing special does: a process goes on until
 * it ends or sleeps, then the next, and loads get the last value.
 *
 * <p>A list of interruptions is a schedule that can be generated and made smaller: every list fits
 * every scenario, and fewer of them, earlier ones and smaller numbers are simpler.
 *
 * @param after after how many further decisions it comes
 * @param instead what happens instead: 0 is the first alternative there is, 1 the second; beyond
 *     the last it begins again
 */
public record Interruption(int after, int instead) {
  /** Checks that nothing is negative. */
  public Interruption {
    if (after < 0 || instead < 0) {
      throw new IllegalArgumentException(
          "an interruption is not negative, found after " + after + ", instead " + instead);
    }
  }
}
