package dev.rszshm.benchmarks;

/**
 * What is measured.
 *
 * @param work its name, the same in C and in Java
 * @param members processes that take part
 * @param operations of each member in a lap
 */
record LapSetting(String work, int members, int operations) {}
