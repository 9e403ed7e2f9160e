package dev.rszshm.tests.protocols;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.rszshm.testkit.simulation.Schedule;
import dev.rszshm.testkit.simulation.ScheduleFailure;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Schedules;
import java.util.Locale;

/** Explores, and prints a line about each exploration. */
final class ProtocolLog {
  private ProtocolLog() {}

  /** Nothing may be found, and nothing left out. */
  static void passes(String name, Simulation simulation) {
    Schedules.explore(name, simulation);
  }

  /** Something must be found. */
  static ScheduleFailure fails(String name, Simulation simulation) {
    long start = System.nanoTime();
    ScheduleFailure failure =
        assertThrows(
            ScheduleFailure.class, () -> System.out.println(name + ": " + simulation.explore()));
    Schedule schedule = failure.schedule();
    System.out.printf(
        Locale.ROOT,
        "%s: found in %.2f s: %s; %d steps, %d switches, %d kills: %s%n",
        name,
        (System.nanoTime() - start) / 1e9,
        failure.getCause().getMessage(),
        schedule.steps(),
        schedule.switches(),
        schedule.kills(),
        schedule);
    return failure;
  }
}
