package dev.rszshm.tests.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.Acquisition;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import java.util.Arrays;

/**
 * What a lock of a simulation protects: a number that each visitor adds one to, in two steps. Ghost
 * words know who is inside, so that a visitor is told at once if it is not alone, or was not told
 * of a death, or of one that there was not.
 */
final class Section {
  private static final long NUMBER = 1024;
  private static final long INSIDE = 1032;
  private static final long DEATHS = 1040;

  private final boolean exact;
  private final SimulatedProcess[] visitors;
  private final long[] entered;
  private final long[] gone;
  private final long[] before;
  private int visits;

  /**
   * A section for one run.
   *
   * @param exact whether a lock is taken and given up in one step, so that who has it is inside
   * @param visitors how many processes there are, from 1 up
   */
  Section(boolean exact, int visitors) {
    this.exact = exact;
    this.visitors = new SimulatedProcess[visitors + 1];
    this.entered = new long[visitors + 1];
    this.gone = new long[visitors + 1];
    this.before = new long[visitors + 1];
    Arrays.fill(gone, -1);
  }

  private static long ghost(SimulatedProcess p, long word) {
    return p.heap().base() + p.heap().dataOffset() + word;
  }

  /** Says that a process has the lock, as the first thing after that. */
  void enter(SimulatedProcess p, int visitor, Acquisition how) {
    visitors[visitor] = p;
    entered[visitor] = p.calls().nanoTime();
    before[visitor] = Math.max(0, gone[visitor]);
    long found = p.ghost().getLong(ghost(p, INSIDE));
    if (found > 0) {
      assertFalse(visitors[(int) found].isAlive(), () -> found + " is inside");
      assertEquals(Acquisition.OWNER_DIED, how, "the last one died inside");
    } else if (found == 0 && exact) {
      assertEquals(Acquisition.CONSISTENT, how, "nobody was inside");
    }
    if (how == Acquisition.OWNER_DIED) {
      long deaths = ghost(p, DEATHS);
      p.ghost().putLong(deaths, p.ghost().getLong(deaths) + 1);
    }
    p.ghost().putLong(ghost(p, INSIDE), visitor);
  }

  /** What is done inside. */
  void visit(SimulatedProcess p) {
    Heap heap = p.heap();
    long number = heap.dataOffset() + NUMBER;
    heap.putLong(number, heap.getLong(number) + 1);
    visits++;
  }

  /** Says that a process is about to give the lock up. */
  void leave(SimulatedProcess p, int visitor) {
    assertEquals(visitor, p.ghost().getLong(ghost(p, INSIDE)), "who is inside");
    p.ghost().putLong(ghost(p, INSIDE), -visitor);
  }

  /** Says that a process has given the lock up, or has given up waiting for it, for now. */
  void go(SimulatedProcess p, int visitor) {
    gone[visitor] = p.calls().nanoTime();
  }

  /**
   * Looks when all have ended.
   *
   * @param mayDie how many may have died
   */
  void check(SimulatedProcess p, int mayDie) {
    long number = p.heap().getLong(p.heap().dataOffset() + NUMBER);
    assertTrue(number >= visits && number <= visits + mayDie, () -> number + " after " + visits);
    long deaths = p.ghost().getLong(ghost(p, DEATHS));
    assertTrue(deaths <= mayDie, () -> deaths + " were told of a death");
    if (Arrays.stream(gone).skip(1).allMatch(time -> time >= 0)) {
      requireAwake();
    }
  }

  /** The last one to come in has not slept any more when all others had gone. */
  private void requireAwake() {
    int last = 1;
    for (int i = 2; i < entered.length; i++) {
      last = entered[i] > entered[last] ? i : last;
    }
    long free = before[last];
    for (int i = 1; i < gone.length; i++) {
      free = i == last ? free : Math.max(free, gone[i]);
    }
    long slept = entered[last] - free;
    assertTrue(slept <= 0, () -> "a wake-up is missing: slept for " + slept + " ns");
  }
}
