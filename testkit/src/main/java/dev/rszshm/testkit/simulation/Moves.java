package dev.rszshm.testkit.simulation;

import java.util.Arrays;

/** The moves that are possible at one point of an execution. The object is used again and again. */
final class Moves {
  /** What a move takes from the bounds of an exploration. */
  enum Cost {
    NOTHING,
    /** A process that could go on does not, or a timer runs out while others could go on. */
    PREEMPTION,
    KILL,
    /** A process stands still. */
    STOP,
    /** A load does not get the last value. */
    STALE
  }

  private final SimulatedMachine machine;
  private int[] moves = new int[16];
  private Cost[] costs = new Cost[16];
  private int size;
  private int current;

  Moves(SimulatedMachine machine) {
    this.machine = machine;
  }

  /** Forgets all moves; the number is that of the process that took the last step, or -1. */
  void begin(int currentProcess) {
    size = 0;
    current = currentProcess;
  }

  void add(int move, Cost cost) {
    if (size == moves.length) {
      moves = Arrays.copyOf(moves, 2 * size);
      costs = Arrays.copyOf(costs, 2 * size);
    }
    moves[size] = move;
    costs[size++] = cost;
  }

  int size() {
    return size;
  }

  int move(int index) {
    return moves[index];
  }

  Cost cost(int index) {
    return costs[index];
  }

  /**
   * Whether everything that can follow can follow without this move: the kill of a process that has
   * stood still since. It might have been killed right after its own last step: nobody sees a death
   * but a recovery, which may come late. (Locks that fall are seen, and a waiter that is woken is
   * missed by others.) A recovery that has not begun leaves nothing but another like it.
   */
  boolean isNeedless(int index) {
    if (Move.kind(moves[index]) != Move.KILL) {
      return false;
    }
    SimulatedProcess process = machine.processes().get(Move.process(moves[index]));
    if (current >= 0 && machine.processes().get(current).leader() == process) {
      return false;
    }
    return process.hasBegun() ? !process.isKnownToKernel() : process.isRecovery();
  }

  /** Where a move is among these; -1 if it is not. */
  int indexOf(int move) {
    for (int i = 0; i < size; i++) {
      if (moves[i] == move) {
        return i;
      }
    }
    return -1;
  }

  /** Whether two processes are about to touch the same word, one of them not only to look. */
  boolean conflict(int one, int other) {
    SimulatedProcess first = machine.processes().get(one);
    SimulatedProcess second = machine.processes().get(other);
    return first.nextPlace() == second.nextPlace()
        && first.nextPlace() != Director.NO_LOOK
        && !(first.nextOnlyLooks() && second.nextOnlyLooks());
  }

  /** The state of the world, as far as it decides about what can follow. */
  long state() {
    int kind = size > 0 ? Move.kind(moves[0]) : Move.STEP;
    long choice = kind >= Move.WAY && kind < Move.LOOK_ON ? moves[0] : 0;
    return Hash.mix(machine.fingerprint(), choice);
  }

  /** The same, and who took the last step: it decides what the moves cost. */
  long stateWithCurrent() {
    return Hash.mix(state(), current);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < size; i++) {
      text.append(i == 0 ? "" : " ").append(Move.describe(moves[i]));
    }
    return text.toString();
  }
}
