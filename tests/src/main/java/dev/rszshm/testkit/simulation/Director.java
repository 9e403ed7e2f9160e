package dev.rszshm.testkit.simulation;

import dev.rszshm.heap.os.SystemCalls.Wait;

/**
 * Decides when a simulated process takes its next step, and whether it lives to take it. Called on
 * the thread of that process. Every method may throw {@link ProcessKilled}.
 */
interface Director {
  /** Returns when the process may take a step that others can see or that sees others. */
  void beforeStep(SimulatedProcess process);

  /**
   * Hears of a step that has been taken.
   *
   * @param changed whether others may see a difference
   */
  void afterStep(SimulatedProcess process, boolean changed);

  /** Chooses one of several ways to go on, from 0 up. */
  int choose(SimulatedProcess process, Choice what, int options);

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
