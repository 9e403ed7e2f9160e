package dev.rszshm.testkit.simulation;

/** Repeats a schedule: exactly, or as far as it fits. */
final class ReplayStrategy implements Strategy {
  private final int[] moves;
  private final boolean exactly;
  private int next;

  ReplayStrategy(Schedule schedule, boolean exactly) {
    this.moves = schedule.moves();
    this.exactly = exactly;
  }

  @Override
  public int pick(Moves possible) {
    boolean age = Move.kind(possible.move(0)) == Move.AGE;
    while (next < moves.length) {
      int index = possible.indexOf(moves[next]);
      if (index >= 0) {
        next++;
        return index;
      }
      if (age) {
        return 0; // the last value is not in the text
      }
      if (exactly) {
        throw new IllegalArgumentException(
            "the schedule does not fit: after "
                + next
                + " moves it says "
                + Move.describe(moves[next])
                + ", possible are "
                + possible
                + ". It belongs to another scenario, or to other bounds");
      }
      next++;
    }
    return 0;
  }
}
