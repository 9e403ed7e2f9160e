package dev.rszshm.tests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.testkit.simulation.CrashReport;
import dev.rszshm.testkit.simulation.Exploration;
import dev.rszshm.testkit.simulation.Simulation;

/** Explores simulations, and prints how far that went. */
public final class Schedules {
  private Schedules() {}

  /**
   * Explores every schedule within the bounds of a simulation, which must be few enough; with the
   * profile again, with one preemption less.
   */
  public static void explore(String what, Simulation simulation) {
    exploreOnEachJdk(
        what, simulation.preemptions(Storm.preemptions(simulation.bounds().preemptions())));
  }

  /**
   * As {@link #explore}, with all preemptions always: with fewer it would not show what it is for.
   */
  public static void exploreOnEachJdk(String what, Simulation simulation) {
    Exploration exploration = simulation.explore();
    System.out.println(what + ": " + exploration);
    assertTrue(exploration.complete(), () -> what + " was not explored to the end");
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
