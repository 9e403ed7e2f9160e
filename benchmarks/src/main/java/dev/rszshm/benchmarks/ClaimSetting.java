package dev.rszshm.benchmarks;

/**
 * What is claimed, the same in C and in Java.
 *
 * @param processes how many take part
 * @param bytes how many are stored in a lap
 * @param claim how many are claimed at a time
 * @param width of the counter, in bits
 */
record ClaimSetting(int processes, long bytes, int claim, int width) {}
