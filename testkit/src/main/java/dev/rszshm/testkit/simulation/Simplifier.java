package dev.rszshm.testkit.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Makes a failing schedule simpler, as long as something still fails: leaves moves out, and lets
 * processes go on instead of switching.
 */
final class Simplifier {
  private static final int TRIES = 2000;

  private final Function<Schedule, Execution> run;
  private int tries;

  /**
   * Prepares.
   *
   * @param run runs a schedule as far as it fits
   */
  Simplifier(Function<Schedule, Execution> run) {
    this.run = run;
  }

  /** The simplest schedule it finds that fails; at worst the one given. */
  Schedule simplify(Schedule failing) {
    Schedule best = failing;
    boolean simpler = true;
    while (simpler && tries < TRIES) {
      simpler = false;
      for (int[] candidate : candidates(best)) {
        Execution execution = run.apply(new Schedule(candidate));
        tries++;
        if (execution.failure().isPresent() && isSimpler(execution.schedule(), best)) {
          best = execution.schedule();
          simpler = true;
          break;
        }
        if (tries >= TRIES) {
          break;
        }
      }
    }
    return best;
  }

  private static boolean isSimpler(Schedule one, Schedule other) {
    int[] a = {oddities(one), one.switches(), one.steps()};
    int[] b = {oddities(other), other.switches(), other.steps()};
    return Arrays.compare(a, b) < 0;
  }

  /** Kills, timeouts, stale loads, other ways. */
  private static int oddities(Schedule schedule) {
    return (int)
        Arrays.stream(schedule.moves())
            .filter(
                m -> Move.kind(m) != Move.STEP && (Move.kind(m) != Move.WAY || Move.number(m) > 0))
            .count();
  }

  private static List<int[]> candidates(Schedule schedule) {
    int[] moves = schedule.moves();
    List<int[]> found = new ArrayList<>();
    List<int[]> runs = runs(moves);
    for (int i = 0; i < runs.size(); i++) {
      int[] range = runs.get(i);
      found.add(without(moves, range[0], range[1]));
      for (int j = i + 1; j < runs.size(); j++) {
        if (moves[runs.get(j)[0]] == moves[range[0]] && Move.kind(moves[range[0]]) == Move.STEP) {
          found.add(brought(moves, runs.get(j), range[1]));
          break;
        }
      }
    }
    for (int[] range : runs) {
      if (Move.kind(moves[range[0]]) == Move.STEP && range[1] - range[0] > 1) {
        found.add(without(moves, range[1] - 1, range[1]));
        found.add(without(moves, (range[0] + range[1]) / 2, range[1]));
      }
    }
    return found;
  }

  /** The ranges of equal moves. */
  private static List<int[]> runs(int[] moves) {
    List<int[]> runs = new ArrayList<>();
    for (int i = 0; i < moves.length; ) {
      int end = i + 1;
      while (end < moves.length && moves[end] == moves[i]) {
        end++;
      }
      runs.add(new int[] {i, end});
      i = end;
    }
    return runs;
  }

  private static int[] without(int[] moves, int from, int to) {
    int[] rest = Arrays.copyOf(moves, moves.length - (to - from));
    System.arraycopy(moves, to, rest, from, moves.length - to);
    return rest;
  }

  /** Moves a range forward, to an earlier place. */
  private static int[] brought(int[] moves, int[] range, int to) {
    int[] changed = moves.clone();
    int length = range[1] - range[0];
    System.arraycopy(moves, range[0], changed, to, length);
    System.arraycopy(moves, to, changed, to + length, range[0] - to);
    return changed;
  }
}
