package dev.rszshm.tests.heap;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.testkit.simulation.Exploration;
import dev.rszshm.testkit.simulation.Simulation;

/** Explores simulations of the heap, and prints how far that went. */
public final class Exploring {
  private Exploring() {}

  /** Explores every schedule within the bounds of a simulation, which must be few enough. */
  public static void all(String claim, Simulation simulation) {
    Exploration exploration = simulation.explore();
    System.out.println(claim + ": " + exploration);
    assertTrue(exploration.complete(), () -> claim + " was not explored to the end");
  }
}
