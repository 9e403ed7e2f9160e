package dev.rszshm.tests;

import dev.rszshm.testkit.simulation.CrashReplay;
import dev.rszshm.testkit.simulation.Simulation;

/** How much is done: a sample in every build, much more with the profile storm. */
public final class Storm {
  private static final boolean ON = Boolean.getBoolean("dev.rszshm.storm");

  private Storm() {}

  /** Whether the profile is on. */
  public static boolean isOn() {
    return ON;
  }

  /** All first deaths, and of those that follow a fifth in every build, all with the profile. */
  public static CrashReplay crashes(Simulation simulation) {
    return simulation.crashes().laterKillsOneIn(count(5, 1));
  }

  /** One number for every build, another for the profile. */
  public static int count(int sample, int storm) {
    return ON ? storm : sample;
  }
}
