package dev.rszshm.testkit.simulation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The order in which things happened in a simulation. Its text is short enough to be pasted into a
 * test, which then meets the same order again:
 *
 * <pre>
 * A12      process A (the first one) takes 12 steps
 * Bx       process B is killed
 * C!       process C, which sleeps, wakes up because its time has come, and takes a step
 * A~1      a load of A takes the value before the last one
 * A=2      A goes the way of the number 2 where it has a choice
 * A>C      A wakes C, of several who sleep on one word
 * A.       A is stopped, and goes on when all others have ended
 * A+       A, which waits in a loop, goes on looking until it does something else, or has looked
 *          often enough
 * </pre>
 */
public final class Schedule {
  private static final Pattern TOKEN =
      Pattern.compile("([A-Z]'*)(?:(\\d+)|(x)|(!)|=(\\d+)|~(\\d+)|(\\+)|>([A-Z]'*)|(\\.))?");

  /** More than any run has. */
  private static final int MOST_MOVES = 1_000_000;

  private final int[] moves;

  Schedule(int[] moves) {
    this.moves = moves;
  }

  /**
   * Reads the text of a schedule.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Schedule parse(String text) {
    int[] moves = new int[16];
    int size = 0;
    for (String token : text.isBlank() ? new String[0] : text.trim().split("\\s+")) {
      Matcher m = TOKEN.matcher(token);
      require(m.matches(), token, "A12, Ax, A!, A=1, A~1, A>B, A+ or A.");
      int process = process(m.group(1));
      int repeat = m.group(2) == null ? 1 : number(token, m.group(2), MOST_MOVES - size);
      require(repeat > 0, token, "at least one step");
      int move =
          m.group(3) != null
              ? Move.of(Move.KILL, process, 0)
              : m.group(4) != null
                  ? Move.of(Move.TIMEOUT, process, 0)
                  : m.group(5) != null
                      ? Move.of(Move.WAY, process, number(token, m.group(5), Move.MOST))
                      : m.group(6) != null
                          ? Move.of(Move.AGE, process, number(token, m.group(6), Move.MOST))
                          : m.group(7) != null
                              ? Move.of(Move.LOOK_ON, process, 0)
                              : m.group(8) != null
                                  ? Move.of(Move.WAKE, process, process(m.group(8)))
                                  : Move.of(m.group(9) != null ? Move.STOP : Move.STEP, process, 0);
      moves = size + repeat > moves.length ? Arrays.copyOf(moves, 2 * (size + repeat)) : moves;
      Arrays.fill(moves, size, size + repeat, move);
      size += repeat;
    }
    return new Schedule(Arrays.copyOf(moves, size));
  }

  /**
   * Reads the schedule of a run that did not come to its end, because its JVM was killed or does
   * not go on: see {@link Simulation#keepingScheduleIn}.
   *
   * @throws IOException if the file cannot be read or is none
   */
  public static Schedule ofFile(Path path) throws IOException {
    return ScheduleFile.read(path);
  }

  private static int process(String letter) {
    return letter.charAt(0) - 'A' + 26 * (letter.length() - 1);
  }

  private static void require(boolean good, String token, String expected) {
    if (!good) {
      throw new IllegalArgumentException(
          "\"" + token + "\" is not a part of a schedule: expected " + expected);
    }
  }

  private static int number(String token, String digits, int most) {
    boolean good = digits.length() < 10 && Integer.parseInt(digits) <= most;
    require(good, token, "a number of at most " + most);
    return Integer.parseInt(digits);
  }

  int[] moves() {
    return moves;
  }

  /** Number of steps of all processes. */
  public int steps() {
    return (int) Arrays.stream(moves).filter(Schedule::isStep).count();
  }

  private static boolean isStep(int move) {
    int kind = Move.kind(move);
    return kind == Move.STEP || kind == Move.TIMEOUT || kind == Move.LOOK_ON;
  }

  /** How often another process went on than the one before. */
  public int switches() {
    int switches = 0;
    int last = -1;
    for (int move : moves) {
      if (isStep(move)) {
        switches += last >= 0 && last != Move.process(move) ? 1 : 0;
        last = Move.process(move);
      }
    }
    return switches;
  }

  /** How many processes were killed. */
  public int kills() {
    return (int) Arrays.stream(moves).filter(m -> Move.kind(m) == Move.KILL).count();
  }

  /** What {@link #parse} reads. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < moves.length; ) {
      int end = i + 1;
      while (Move.kind(moves[i]) == Move.STEP && end < moves.length && moves[end] == moves[i]) {
        end++;
      }
      text.append(text.isEmpty() ? "" : " ").append(Move.describe(moves[i]));
      text.append(end - i > 1 ? String.valueOf(end - i) : "");
      i = end;
    }
    return text.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Schedule s && Arrays.equals(moves, s.moves);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(moves);
  }
}
