package dev.rszshm.testkit;

/** How much is done: a sample in every build, much more with the profile storm. */
final class Storm {
  private static final boolean ON = Boolean.getBoolean("dev.rszshm.storm");

  private Storm() {}

  static boolean isOn() {
    return ON;
  }

  static int count(int sample, int storm) {
    return ON ? storm : sample;
  }
}
