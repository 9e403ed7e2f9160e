package dev.rszshm.testkit.simulation;

import java.util.HashSet;
import java.util.Set;

/**
 * Finds out that a process waits in a loop: it finds the same at the same places, again and again,
 * while nothing changes. It is then not picked until something does, as a processor that spins
 * would be taken away from a process at last.
 */
final class WaitingLoop {
  private static final int FIRST = 40;
  private static final int REPEATS = 8;

  private final Set<Long> looks = new HashSet<>();
  private int steps;
  private int repeats;
  private boolean watchesClock;

  /** Notes a step that changed nothing. */
  void look(long found) {
    if (++steps > FIRST && !looks.add(found)) {
      repeats++;
    }
  }

  boolean isFound() {
    return repeats >= REPEATS;
  }

  /** The process reads the clock in the loop, if it is in one. */
  void watchClock() {
    watchesClock = true;
  }

  /** The clock has moved on: who watches it has something new to see. */
  void timePasses() {
    if (watchesClock) {
      end();
    }
  }

  /** Something has changed, or the process does something else. */
  void end() {
    if (steps > 0) {
      steps = 0;
      repeats = 0;
      looks.clear();
    }
    watchesClock = false;
  }
}
