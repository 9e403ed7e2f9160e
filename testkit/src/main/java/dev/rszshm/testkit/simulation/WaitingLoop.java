package dev.rszshm.testkit.simulation;

import java.util.HashSet;
import java.util.Set;

/**
 * Finds out that a process waits in a loop: it finds the same at the same places, again and again,
 * while nothing changes. It is then not picked until something does, as a processor that spins
 * would be taken away from a process at last; unless the exploration lets it go on looking, because
 * the loop may have an end of its own, behind which it does something else.
 */
final class WaitingLoop {
  private static final int FIRST = 40;
  private static final int REPEATS = 8;
  private static final long FIRST_TICK = 1_000;
  private static final long LONGEST_TICK = 100_000_000;

  private final Set<Long> looks = new HashSet<>();
  private final Set<Long> places = new HashSet<>();
  private int steps;
  private int repeats;
  private boolean watchesClock;
  private boolean goesOn;
  private long tick = FIRST_TICK;

  /** Notes a step that changed nothing: what it has looked at, and what it found there. */
  void look(long place, long found) {
    if (++steps > FIRST) {
      places.add(place);
      if (!looks.add(Hash.mix(place, found))) {
        repeats++;
      }
    }
  }

  /** Whether the process waits until something changes. */
  boolean isFound() {
    return repeats >= REPEATS && !goesOn;
  }

  /** How often it has looked in vain. */
  int looks() {
    return steps;
  }

  /** Lets the process look on. */
  void goOn() {
    goesOn = true;
  }

  /** Ends that, as it has looked often enough. */
  void stop() {
    goesOn = false;
  }

  /** Whether it goes on looking. */
  boolean goesOn() {
    return goesOn;
  }

  /** Whether a look at a place is one of those that it goes on with. */
  boolean repeats(long place) {
    return goesOn && places.contains(place);
  }

  /** How much time passes at a look that goes on: none, if nobody looks at the clock. */
  long tick() {
    if (!goesOn || !watchesClock) {
      return 0;
    }
    tick = Math.min(2 * tick, LONGEST_TICK);
    return tick;
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
      goesOn = false;
      tick = FIRST_TICK;
      if (!places.isEmpty()) {
        looks.clear();
        places.clear();
      }
    }
    watchesClock = false;
  }
}
