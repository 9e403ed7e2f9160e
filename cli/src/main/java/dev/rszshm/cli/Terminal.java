package dev.rszshm.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether somebody is looking. */
public final class Terminal {
  private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");
  private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

  private Terminal() {}

  /** Asks whether standard error goes to a terminal. {@code System.console} tells of others. */
  public static boolean isStandardError() {
    return isTerminal(STANDARD_ERROR);
  }

  /** Asks whether standard output goes to a terminal. */
  static boolean isStandardOutput() {
    return isTerminal(STANDARD_OUTPUT);
  }

  /** Asks whether standard output goes to another process. */
  static boolean isStandardOutputAPipe() {
    String target = target(STANDARD_OUTPUT);
    return target.startsWith("pipe:") || target.startsWith("socket:");
  }

  private static boolean isTerminal(Path descriptor) {
    String target = target(descriptor);
    return target.startsWith("/dev/pts/")
        || target.startsWith("/dev/tty")
        || target.equals("/dev/console");
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return "";
    }
  }
}
