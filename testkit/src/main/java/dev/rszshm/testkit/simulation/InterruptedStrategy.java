package dev.rszshm.testkit.simulation;

import java.util.List;

/** Departs from the ordinary at the places it is told. */
final class InterruptedStrategy implements Strategy {
  private final List<Interruption> interruptions;
  private int next;
  private int decisions;

  InterruptedStrategy(List<Interruption> interruptions) {
    this.interruptions = interruptions;
  }

  @Override
  public int pick(Moves moves) {
    if (next == interruptions.size() || moves.size() == 1) {
      return 0;
    }
    Interruption interruption = interruptions.get(next);
    if (decisions++ < interruption.after()) {
      return 0;
    }
    decisions = 0;
    next++;
    return 1 + interruption.instead() % (moves.size() - 1);
  }
}
