package dev.rszshm.tests;

import dev.rszshm.testkit.simulation.CrashReplay;
import dev.rszshm.testkit.simulation.Simulation;

/**
 * How much is done: a sample in every build, much more with the profile storm, and less with the
 * profile again, since what runs on a simulated machine does the same on each JDK.
 */
public final class Storm {
  private static final boolean ON = Boolean.getBoolean("dev.rszshm.storm");
  private static final boolean AGAIN = Boolean.getBoolean("dev.rszshm.again");

  /** A number from which on a sample is one of random schedules. */
  private static final int MANY = 100;

  private static final int LESS = 10;

  /** Schedules of an exploration: in every build, and with the profile again. */
  private static final long MOST = 1500;

  private static final long SOME = 750;

  private Storm() {}

  /** Whether the profile is on. */
  public static boolean isOn() {
    return ON;
  }

  /** All first deaths, and of those that follow a part in every build, all with the profile. */
  public static CrashReplay crashes(Simulation simulation) {
    return simulation.crashes().laterKillsOneIn(oneIn(10));
  }

  /** One in so many in every build, all of them with the profile storm. */
  public static int oneIn(int sample) {
    return ON ? 1 : AGAIN ? sample * LESS : sample;
  }

  /** How many schedules of an exploration are run without the profile storm. */
  static long schedules() {
    return AGAIN ? SOME : MOST;
  }

  /** One number for the profile storm, another one, or of large ones half, for every build. */
  public static int count(int sample, int storm) {
    if (ON) {
      return storm;
    }
    return sample < MANY ? sample : sample / (AGAIN ? LESS : 2);
  }
}
