package dev.rszshm.testkit.simulation;

/** An access that would have ended a real process: SIGSEGV or SIGBUS. */
public final class AccessFault extends Error {
  private static final long serialVersionUID = 1L;

  AccessFault(String message) {
    super(message);
  }
}
