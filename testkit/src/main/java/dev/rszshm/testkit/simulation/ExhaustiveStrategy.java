package dev.rszshm.testkit.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/*
 * All orders within bounds, depth first.
 *
 * Every execution starts from the beginning and repeats the choices of the one before, up to the last
 * that has an alternative: threads cannot be copied. (Stateless search: Godefroid 1997. Bounding the
 * preemptions, because few of them suffice for most errors: Musuvathi and Qadeer 2007.)
 *
 * A state that was met before, with at least what is left of the bounds now, is not gone into again.
 * That is exact but for the chance that two states have the same fingerprint of 64 bits. Which process
 * took the last step is a part of the state only where preemptions are counted: it decides what is one.
 */
final class ExhaustiveStrategy implements Strategy {
  private static final class Point {
    final int[] options;
    final Moves.Cost[] costs;
    final long state;
    int next;

    Point(int[] options, Moves.Cost[] costs, long state) {
      this.options = options;
      this.costs = costs;
      this.state = state;
    }
  }

  /** What is left of the bounds. */
  record Budget(int preemptions, int kills, int stops, int stale) {
    Budget less(Moves.Cost cost) {
      return switch (cost) {
        case NOTHING -> this;
        case PREEMPTION -> isUnlimited() ? this : new Budget(preemptions - 1, kills, stops, stale);
        case KILL -> new Budget(preemptions, kills - 1, stops, stale);
        case STOP -> new Budget(preemptions, kills, stops - 1, stale);
        case STALE -> new Budget(preemptions, kills, stops, stale - 1);
      };
    }

    boolean isUnlimited() {
      return preemptions == Bounds.UNLIMITED;
    }

    boolean allows(Moves.Cost cost) {
      return switch (cost) {
        case NOTHING -> true;
        case PREEMPTION -> preemptions > 0;
        case KILL -> kills > 0;
        case STOP -> stops > 0;
        case STALE -> stale > 0;
      };
    }

    boolean covers(Budget other) {
      return preemptions >= other.preemptions
          && kills >= other.kills
          && stops >= other.stops
          && stale >= other.stale;
    }
  }

  private final List<Point> path = new ArrayList<>();
  private final KnownStates visited = new KnownStates();

  /** Each budget once: millions of states refer to a few. */
  private final Map<Budget, Budget> budgets = new HashMap<>();

  private final Budget all;
  private Budget budget;
  private int depth;
  private boolean restricted;

  ExhaustiveStrategy(Bounds bounds, int preemptions) {
    this.all = new Budget(preemptions, bounds.kills(), bounds.stops(), bounds.staleLoads());
    this.budget = all;
  }

  @Override
  public int pick(Moves moves) {
    Point point = depth < path.size() ? path.get(depth) : null;
    if (point == null) {
      long state = state(moves);
      Budget known = visited.get(state);
      if (known != null && known.covers(budget)) {
        return KNOWN;
      }
      visited.put(state, budget);
      point = point(moves, state);
      path.add(point);
    } else if (depth == path.size() - 1) {
      requireSame(point.state == state(moves));
    }
    depth++;
    int index = moves.indexOf(point.options[point.next]);
    requireSame(index >= 0);
    Moves.Cost cost = point.costs[point.next];
    if (cost != Moves.Cost.NOTHING) {
      Budget left = budget.less(cost);
      budget = budgets.computeIfAbsent(left, same -> same);
    }
    return index;
  }

  /** What tells states apart: who has the turn, too, where taking it away is counted. */
  private long state(Moves moves) {
    return all.isUnlimited() ? moves.state() : moves.stateWithCurrent();
  }

  private static void requireSame(boolean same) {
    if (!same) {
      throw new IllegalStateException(
          "the code under test is not deterministic: when the same order was repeated it did"
              + " something else. It must depend on nothing but its simulated memory and system");
    }
  }

  private Point point(Moves moves, long state) {
    int[] options = new int[moves.size()];
    Moves.Cost[] costs = new Moves.Cost[moves.size()];
    int size = 0;
    for (int i = 0; i < moves.size(); i++) {
      if (moves.isNeedless(i)) {
        continue;
      }
      if (budget.allows(moves.cost(i))) {
        options[size] = moves.move(i);
        costs[size++] = moves.cost(i);
      } else {
        restricted |= moves.cost(i) == Moves.Cost.PREEMPTION;
      }
    }
    return new Point(Arrays.copyOf(options, size), costs, state);
  }

  /** Goes back to the last choice that has an alternative; false if there is none. */
  boolean next() {
    depth = 0;
    budget = all;
    while (!path.isEmpty()) {
      Point last = path.get(path.size() - 1);
      if (++last.next < last.options.length) {
        return true;
      }
      path.remove(path.size() - 1);
    }
    return false;
  }

  /** Number of different states so far. */
  int states() {
    return visited.size();
  }

  /** Whether more preemptions would allow more. */
  boolean isRestricted() {
    return restricted;
  }
}
