package dev.rszshm.testkit.simulation;

import java.util.Locale;

/**
 * One thing that can happen next in a simulation, packed into an int: the kind, the number of the
 * process, and a number that says which.
 */
final class Move {
  /** A process takes its next step. */
  static final int STEP = 0;

  /** A sleeping process wakes up because its time has come, and takes its next step. */
  static final int TIMEOUT = 1;

  /** A process is killed. */
  static final int KILL = 2;

  /** A process goes the way of a number. */
  static final int WAY = 3;

  /** A load of a process takes the value so many stores before the last. */
  static final int AGE = 4;

  /** Of those who sleep on a word, a process wakes the one of a number. */
  static final int WAKE = 5;

  /** A process that waits in a loop goes on looking, although nothing has changed. */
  static final int LOOK_ON = 6;

  /** A process stands still until all others have ended. */
  static final int STOP = 7;

  private static final int KIND_SHIFT = 28;
  private static final int PROCESS_SHIFT = 16;
  private static final int NUMBER_MASK = 0xffff;

  /** The largest number that a move can have. */
  static final int MOST = NUMBER_MASK;

  private Move() {}

  static int of(int kind, int process, int number) {
    return kind << KIND_SHIFT | process << PROCESS_SHIFT | number;
  }

  static int kind(int move) {
    return move >>> KIND_SHIFT;
  }

  static int process(int move) {
    return move >>> PROCESS_SHIFT & 0xfff;
  }

  static int number(int move) {
    return move & NUMBER_MASK;
  }

  /** The letter of a process: A to Z, then A' and so on. */
  static String letter(int process) {
    String letter = String.valueOf((char) ('A' + process % 26));
    return process < 26 ? letter : letter + "'".repeat(process / 26);
  }

  static String describe(int move) {
    String process = letter(process(move));
    return switch (kind(move)) {
      case STEP -> process;
      case TIMEOUT -> process + "!";
      case KILL -> process + "x";
      case WAY -> String.format(Locale.ROOT, "%s=%d", process, number(move));
      case WAKE -> process + ">" + letter(number(move));
      case STOP -> process + ".";
      case LOOK_ON -> process + "+";
      default -> String.format(Locale.ROOT, "%s~%d", process, number(move));
    };
  }
}
