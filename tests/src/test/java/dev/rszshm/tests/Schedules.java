package dev.rszshm.tests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.testkit.simulation.Bounds;
import dev.rszshm.testkit.simulation.CrashReport;
import dev.rszshm.testkit.simulation.Exploration;
import dev.rszshm.testkit.simulation.Simulation;

/** Explores simulations, and prints how far that went. */
public final class Schedules {
  private Schedules() {}

  /**
   * Explores the schedules within the bounds of a simulation, those with the fewest preemptions
   * first: all of them with the profile storm, or if preemptions have no bound; otherwise as many
   * as {@link Storm} says.
   */
  public static void explore(String what, Simulation simulation) {
    Bounds bounds = simulation.bounds();
    // Without a bound on preemptions there is no order among them.
    boolean whole = Storm.isOn() || bounds.preemptions() == Bounds.UNLIMITED;
    long most = whole ? bounds.schedules() : Math.min(Storm.schedules(), bounds.schedules());
    Exploration exploration = simulation.bounds(bounds.schedules(most)).explore();
    System.out.println(what + ": " + exploration);
    assertTrue(
        exploration.complete() || !whole && exploration.schedules() == most,
        () -> what + " was not explored to the end");
  }

  /** Draws schedules within the bounds of a simulation. */
  public static void random(String what, Simulation simulation, long seed, long schedules) {
    System.out.println(what + ": " + simulation.random(seed, schedules));
  }

  /** Replays all first deaths of a simulation, and of those that follow what {@link Storm} says. */
  public static CrashReport crashes(String what, Simulation simulation) {
    CrashReport report = Storm.crashes(simulation).run();
    System.out.println(what + ": " + report);
    assertTrue(report.isComplete(), () -> what + " was not replayed to the end");
    return report;
  }
}
