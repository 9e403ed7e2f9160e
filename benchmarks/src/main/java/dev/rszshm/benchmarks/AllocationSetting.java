package dev.rszshm.benchmarks;

/**
 * What is measured.
 *
 * @param work see {@link AllocationWorks}
 * @param processes whether members are processes; otherwise threads of one
 * @param members how many
 * @param operations of each member in a lap
 */
record AllocationSetting(String work, boolean processes, int members, int operations) {
  AllocationSetting asThreads() {
    return new AllocationSetting(work, false, members, operations);
  }

  AllocationSetting with(int otherOperations) {
    return new AllocationSetting(work, processes, members, otherOperations);
  }

  String mode() {
    String what = processes ? "process" : "thread";
    return members == 1 ? "1 " + what : members + " " + what + (processes ? "es" : "s");
  }
}
