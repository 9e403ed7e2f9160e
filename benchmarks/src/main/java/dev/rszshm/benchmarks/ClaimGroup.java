package dev.rszshm.benchmarks;

/** Processes that stay alive between laps, and sleep then. */
interface ClaimGroup extends AutoCloseable {
  /**
   * Lets all processes claim until everything is stored, and checks every byte.
   *
   * @return nanoseconds, from the opening of the gate to the end of the last process
   */
  double lap() throws Exception;

  @Override
  void close() throws Exception;
}
