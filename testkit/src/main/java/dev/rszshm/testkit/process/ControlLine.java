package dev.rszshm.testkit.process;

import java.util.List;

/**
 * What a test tells the harness in a worker, on the standard input beside the lines for the job.
 * Each begins with a control character that text does not contain.
 */
final class ControlLine {
  /** The test has nothing more to say, but is alive. */
  static final String NO_MORE = "\u0004";

  /** Begin the job, with the arguments that follow, each after a separator. */
  private static final String BEGIN = "\u0001";

  /** Die when so many more steps are done. */
  private static final String DIE_AFTER = "\u0002";

  /** Stop when so many more steps are done. */
  private static final String STOP_AFTER = "\u0003";

  /** Go on with the step at which the process was stopped. */
  static final String GO_ON = "\u0005";

  /** Rest where the job asks whether it is dismissed. */
  static final String PAUSE = "\u0006";

  /** Go on from there. */
  static final String END_PAUSE = "\u0007";

  private static final String SEPARATOR = "\u001f";

  private ControlLine() {}

  static String begin(Object... arguments) {
    StringBuilder line = new StringBuilder(BEGIN);
    for (Object argument : arguments) {
      String text = argument.toString();
      if (text.contains("\n") || text.contains(SEPARATOR)) {
        throw new IllegalArgumentException(
            "an argument of a worker is one line without control characters, found \""
                + text
                + "\"");
      }
      line.append(SEPARATOR).append(text);
    }
    return line.toString();
  }

  static boolean isBegin(String line) {
    return line.startsWith(BEGIN);
  }

  static List<String> arguments(String begin) {
    String[] words = begin.split(SEPARATOR, -1);
    return List.of(words).subList(1, words.length);
  }

  static String dieAfter(long steps) {
    return DIE_AFTER + steps;
  }

  static boolean isDieAfter(String line) {
    return line.startsWith(DIE_AFTER);
  }

  static String stopAfter(long steps) {
    return STOP_AFTER + steps;
  }

  static boolean isStopAfter(String line) {
    return line.startsWith(STOP_AFTER);
  }

  static long steps(String dieOrStopAfter) {
    return Long.parseLong(dieOrStopAfter.substring(DIE_AFTER.length()));
  }
}
