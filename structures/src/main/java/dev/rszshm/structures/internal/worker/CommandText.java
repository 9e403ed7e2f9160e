package dev.rszshm.structures.internal.worker;

import java.util.List;
import java.util.stream.Collectors;

/** A command line for people, who do not read a class path of a hundred thousand characters. */
public final class CommandText {
  private static final int LONGEST_WORD = 4096;

  private CommandText() {}

  /** Returns the words of a command; of very long ones, the beginning. */
  public static String of(List<String> command) {
    return command.stream().map(CommandText::cut).collect(Collectors.joining(" "));
  }

  private static String cut(String word) {
    return word.length() <= LONGEST_WORD
        ? word
        : word.substring(0, LONGEST_WORD) + "… (" + word.length() + " characters)";
  }
}
