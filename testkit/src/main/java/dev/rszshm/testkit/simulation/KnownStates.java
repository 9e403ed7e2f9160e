package dev.rszshm.testkit.simulation;

import dev.rszshm.testkit.simulation.ExhaustiveStrategy.Budget;
import org.jspecify.annotations.Nullable;

/**
 * The states an exploration has met, and what was left of its bounds there. There are millions of
 * them: a table of two arrays, with open addressing (linear probing), takes a quarter of what a
 * {@link java.util.HashMap} takes, and gives the garbage collector next to nothing to do. A state
 * is a fingerprint already, so its low bits are its place.
 */
final class KnownStates {
  private static final int FIRST_LENGTH = 1 << 10;

  private long[] states = new long[FIRST_LENGTH];
  private @Nullable Budget[] budgets = new @Nullable Budget[FIRST_LENGTH];
  private int size;

  int size() {
    return size;
  }

  /** What was left at a state; null if it was never met. */
  @Nullable Budget get(long state) {
    return budgets[place(state)];
  }

  /** Notes what is left at a state, in the place of what was noted before. */
  void put(long state, Budget left) {
    int place = place(state);
    if (budgets[place] == null) {
      if (2 * (size + 1) > states.length) {
        grow();
        place = place(state);
      }
      size++;
      states[place] = state;
    }
    budgets[place] = left;
  }

  /** Where a state is, or else where it belongs. */
  private int place(long state) {
    int place = (int) state & (states.length - 1);
    while (budgets[place] != null && states[place] != state) {
      place = (place + 1) & (states.length - 1);
    }
    return place;
  }

  private void grow() {
    long[] oldStates = states;
    @Nullable Budget[] oldBudgets = budgets;
    states = new long[2 * oldStates.length];
    budgets = new @Nullable Budget[2 * oldStates.length];
    for (int i = 0; i < oldStates.length; i++) {
      if (oldBudgets[i] != null) {
        int place = place(oldStates[i]);
        states[place] = oldStates[i];
        budgets[place] = oldBudgets[i];
      }
    }
  }
}
