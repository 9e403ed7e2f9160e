package dev.rszshm.testkit.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * One random order, drawn as {@link Sampling} says. Kills and stops come at random steps, and loads
 * are stale at random.
 */
final class RandomStrategy implements Strategy {
  private static final int STALE_ONE_IN = 4;
  private static final int TIMEOUT_ONE_IN = 32;

  private final SplittableRandom random;
  private final Sampling sampling;
  private final Map<Integer, Double> priorities = new HashMap<>();
  private final int[] changes;
  private final int[] kills;
  private final int[] stops;
  private int nextChange;
  private int stale;
  private int step;
  private double lowest;

  /**
   * Prepares one run.
   *
   * @param length about how many steps the run has
   */
  RandomStrategy(long seed, Bounds bounds, int length, Sampling sampling) {
    this.sampling = sampling;
    this.random = new SplittableRandom(seed);
    int depth = Math.min(bounds.preemptions(), length);
    changes = random.ints(depth, 0, Math.max(1, length)).sorted().toArray();
    kills = random.ints(bounds.kills(), 0, Math.max(1, length)).sorted().toArray();
    stops = random.ints(bounds.stops(), 0, Math.max(1, length)).sorted().toArray();
    stale = bounds.staleLoads();
  }

  @Override
  public int pick(Moves moves) {
    return switch (Move.kind(moves.move(0))) {
      case Move.WAY, Move.WAKE -> random.nextInt(moves.size());
      case Move.AGE -> age(moves);
      default -> step(moves);
    };
  }

  private int age(Moves moves) {
    if (moves.size() == 1 || stale == 0 || random.nextInt(STALE_ONE_IN) > 0) {
      return 0;
    }
    stale--;
    return 1 + random.nextInt(moves.size() - 1);
  }

  private int step(Moves moves) {
    int now = step;
    int blow = due(moves, kills, Move.KILL);
    blow = blow >= 0 ? blow : due(moves, stops, Move.STOP);
    if (blow >= 0) {
      return blow;
    }
    step++;
    if (sampling == Sampling.UNIFORM) {
      return anyStep(moves);
    }
    int best = highest(moves);
    if (sampling == Sampling.PARTIAL_ORDER) {
      drawAnew(moves, best);
      int timeout = random.nextInt(TIMEOUT_ONE_IN) == 0 ? anyOf(moves, Move.TIMEOUT) : -1;
      return timeout >= 0 ? timeout : best;
    }
    while (nextChange < changes.length && changes[nextChange] == now) {
      nextChange++;
      priorities.put(Move.process(moves.move(best)), --lowest);
      int timeout = random.nextInt(4) == 0 ? anyOf(moves, Move.TIMEOUT) : -1;
      best = timeout >= 0 ? timeout : highest(moves);
    }
    return best;
  }

  /** Any step; a timer now and then. */
  private int anyStep(Moves moves) {
    int timeout = random.nextInt(TIMEOUT_ONE_IN) == 0 ? anyOf(moves, Move.TIMEOUT) : -1;
    int any = timeout >= 0 ? timeout : anyOf(moves, Move.STEP);
    return any >= 0 ? any : 0;
  }

  /** New priorities for who takes its step, and for those whose next step conflicts with it. */
  private void drawAnew(Moves moves, int taken) {
    int process = Move.process(moves.move(taken));
    priorities.remove(process);
    for (int i = 0; i < moves.size(); i++) {
      int other = Move.process(moves.move(i));
      if (other != process && moves.conflict(process, other)) {
        priorities.remove(other);
      }
    }
  }

  /** One of the moves of a kind, if its time has come; -1 otherwise. */
  private int due(Moves moves, int[] times, int kind) {
    for (int i = 0; i < times.length; i++) {
      if (times[i] >= 0 && times[i] <= step) {
        int move = anyOf(moves, kind);
        if (move >= 0) {
          times[i] = -1;
          return move;
        }
      }
    }
    return -1;
  }

  private int highest(Moves moves) {
    int best = 0;
    double highest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < moves.size(); i++) {
      int move = moves.move(i);
      boolean ordinary = Move.kind(move) == Move.STEP || Move.kind(move) == Move.LOOK_ON || i == 0;
      if (ordinary && Move.kind(move) != Move.KILL && priority(move) > highest) {
        best = i;
        highest = priority(move);
      }
    }
    return best;
  }

  private double priority(int move) {
    return priorities.computeIfAbsent(Move.process(move), p -> 1 + random.nextDouble());
  }

  private int anyOf(Moves moves, int kind) {
    int found = -1;
    int count = 0;
    for (int i = 0; i < moves.size(); i++) {
      if (Move.kind(moves.move(i)) == kind && random.nextInt(++count) == 0) {
        found = i;
      }
    }
    return found;
  }
}
