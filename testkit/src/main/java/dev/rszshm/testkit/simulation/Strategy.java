package dev.rszshm.testkit.simulation;

/** Decides what happens next in a simulation. */
interface Strategy {
  /** Ends an execution, because what could follow is known already. */
  int KNOWN = -1;

  /**
   * Picks one of the moves that are possible now.
   *
   * @param moves at least one; the first is what happens if nothing special does
   * @return its index, or {@link #KNOWN}
   */
  int pick(Moves moves);
}
