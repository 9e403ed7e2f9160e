package dev.rszshm.cli.bench;

/** Does an operation many times. */
@FunctionalInterface
interface Loop {
  /**
   * Does it so many times.
   *
   * @return a number that follows from all of them, so that none is left out
   */
  long run(int operations) throws Exception;
}
