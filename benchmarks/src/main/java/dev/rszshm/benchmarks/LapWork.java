package dev.rszshm.benchmarks;

/** What a member of a group does in a lap. */
abstract class LapWork {
  /** How many numbers {@link #findings} may have. */
  static final int MOST_FINDINGS = 4;

  private static final long[] NONE = {};

  /** Before a lap, numbered from 0; not timed. All members have finished the one before. */
  void prepare(int lap) {}

  /** Does the work; returns the number of operations. */
  abstract long lap() throws Exception;

  /** After a lap; not timed. The place to look whether all was right. */
  void finish() {}

  /** What there is to tell about the last lap beside its time. */
  long[] findings() {
    return NONE;
  }
}
