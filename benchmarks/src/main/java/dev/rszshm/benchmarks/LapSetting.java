package dev.rszshm.benchmarks;

/**
 * What is measured.
 *
 * @param work its name, the same in C and in Java
 * @param members processes that take part
 * @param placement the cores on which they run
 * @param operations of each member in a lap
 */
record LapSetting(String work, int members, Placement placement, int operations) {
  /** One process, anywhere. */
  static LapSetting alone(String work, int operations) {
    return new LapSetting(work, 1, Placement.FREE, operations);
  }

  /** Two processes. */
  static LapSetting pair(String work, Placement placement, int operations) {
    return new LapSetting(work, 2, placement, operations);
  }

  LapSetting with(int otherOperations) {
    return new LapSetting(work, members, placement, otherOperations);
  }

  /** The work and where it is done. */
  String label() {
    return "`" + work + "`" + (placement == Placement.FREE ? "" : ", " + placement.label);
  }
}
