package dev.rszshm.testkit.simulation;

import dev.rszshm.heap.spi.SystemCalls.Wait;
import java.util.List;

/**
 * Decides when a simulated process takes its next step, and whether it lives to take it. Called on
 * the thread of that process. Every method may throw {@link ProcessKilled}.
 */
interface Director {
  /** What a step looks at that is no mere look. */
  long NO_LOOK = Long.MIN_VALUE;

  /**
   * Returns when the process may take a step that others can see or that sees others.
   *
   * @param place what it looks at, if it may be a mere look; {@link #NO_LOOK} otherwise
   */
  void beforeStep(SimulatedProcess process, long place);

  /**
   * Hears of a step that has been taken.
   *
   * @param changed whether others may see a difference
   */
  void afterStep(SimulatedProcess process, boolean changed);

  /** Chooses one of several ways to go on, from 0 up. */
  int choose(SimulatedProcess process, Choice what, int options);

  /**
   * Chooses who is woken, of those who sleep on one word: in the order in which they fell asleep.
   */
  SimulatedProcess chooseSleeper(SimulatedProcess process, List<SimulatedProcess> sleepers);

  /** Lets a process sleep until it is woken or its time has come. */
  Wait sleep(SimulatedProcess process, Sleep sleep);

  /** What is chosen. */
  enum Choice {
    /** What the process does: its own question. */
    WAY,
    /** How old a value a load takes: 0 is the last one. */
    AGE
  }
}
