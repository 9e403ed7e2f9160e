package dev.rszshm.structures.internal.worker;

import java.util.Optional;

/** The signals of Linux, by number; those for real-time use have no names. */
public final class Signals {
  private static final String[] NAMES = {
    "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
    "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU",
    "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS"
  };

  private static final int LAST_REAL_TIME = 64;

  private Signals() {}

  /** Returns the name of a signal; empty if there is no signal of this number. */
  public static Optional<String> name(int number) {
    if (number < 1 || number > LAST_REAL_TIME) {
      return Optional.empty();
    }
    return Optional.of(number <= NAMES.length ? "SIG" + NAMES[number - 1] : "SIG" + number);
  }
}
