package dev.rszshm.benchmarks;

import java.nio.file.Path;
import java.util.List;

/**
 * One of those that do the same work in turn.
 *
 * @param name as in the tables
 * @param start starts its members
 */
record Contestant(String name, Start start) {
  /** Starts members. */
  interface Start {
    LapGroup start(LapSetting setting) throws Exception;
  }

  /**
   * JVMs.
   *
   * @param target what they use; see the work
   * @param areaLength bytes that they share
   * @param flags more flags of theirs
   */
  static Contestant java(String name, String target, long areaLength, List<String> flags) {
    return new Contestant(name, setting -> new JavaLaps(target, setting, areaLength, flags));
  }

  /**
   * Processes of a C program.
   *
   * @param words for the program before the name of the work
   */
  static Contestant c(String name, Path program, String... words) {
    return new Contestant(name, setting -> new CLaps(program, setting, words));
  }
}
