package dev.rszshm.tests;

/** How much is done: a sample in every build, much more with the profile storm. */
public final class Storm {
  private static final boolean ON = Boolean.getBoolean("dev.rszshm.storm");

  private Storm() {}

  /** Whether the profile is on. */
  public static boolean isOn() {
    return ON;
  }

  /** One number for every build, another for the profile. */
  public static int count(int sample, int storm) {
    return ON ? storm : sample;
  }
}
