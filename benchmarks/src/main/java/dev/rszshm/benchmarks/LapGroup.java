package dev.rszshm.benchmarks;

/** Processes that stay alive between laps, and sleep then. */
interface LapGroup extends AutoCloseable {
  /** Lets all of them do their work once. */
  Lap lap() throws Exception;

  /** What the first member found in the last lap; see the work. */
  long finding(int index);

  @Override
  void close() throws Exception;
}
