package dev.rszshm.testkit.process;

import java.time.Duration;
import java.util.Random;

/**
 * What a storm does at one of its kills. It follows from the seed and the number of the kill alone,
 * so that one kill can be repeated without those before it.
 *
 * @param number from 1 up
 * @param victim index of the worker that dies
 * @param steps after so many steps of its heaps it kills itself; -1 if it is killed at a moment
 * @param delay after this time it is killed, if it is killed at a moment
 * @param bystander index of a worker that stands still meanwhile; -1 if none does
 */
record PlannedKill(int number, int victim, long steps, Duration delay, int bystander) {
  private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

  /** What a storm does at the kill with a number. */
  static PlannedKill of(KillStorm storm, int number) {
    Random random = new Random(storm.seed ^ number * SPREAD);
    int victim = random.nextInt(storm.workers);
    boolean atStep = random.nextDouble() < storm.atSteps;
    long steps = (long) (random.nextDouble() * storm.steps);
    Duration delay = Duration.ofNanos((long) (random.nextDouble() * storm.delay.toNanos()));
    boolean stopping = storm.workers > 1 && random.nextDouble() < storm.stopping;
    int distance = 1 + random.nextInt(Math.max(1, storm.workers - 1));
    int bystander = stopping ? (victim + distance) % storm.workers : -1;
    return new PlannedKill(number, victim, atStep ? steps : -1, delay, bystander);
  }

  boolean isAtStep() {
    return steps >= 0;
  }

  @Override
  public String toString() {
    String when =
        isAtStep() ? "after " + steps + " steps" : "after " + delay.toNanos() / 1000 + " µs";
    String others = bystander < 0 ? "" : ", while worker " + bystander + " stood still";
    return "kill " + number + ": worker " + victim + " " + when + others;
  }
}
