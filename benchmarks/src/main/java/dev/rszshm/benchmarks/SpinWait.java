package dev.rszshm.benchmarks;

/** Passes time until another process has done something, without sleeping for it. */
final class SpinWait {
  private static final int SPINS = 4096;

  private int spins;

  /** Something was done: the next wait is another one. */
  void reset() {
    spins = 0;
  }

  @SuppressWarnings("ThreadPriorityCheck") // there may be fewer processors than members
  void pause() {
    if (++spins % SPINS == 0) {
      Thread.yield();
    }
    Thread.onSpinWait();
  }
}
