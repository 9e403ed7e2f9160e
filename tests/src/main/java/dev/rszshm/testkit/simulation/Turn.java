package dev.rszshm.testkit.simulation;

import java.util.concurrent.locks.LockSupport;

/**
 * Lets one thread wait until another gives it the turn; a turn that was given waits for its taker.
 */
final class Turn {
  /** On one processor whoever gives the turn has to stop before the other can take it. */
  private static final int SPINS = Runtime.getRuntime().availableProcessors() == 1 ? 0 : 200;

  private final Thread taker;
  private volatile boolean given;

  Turn(Thread taker) {
    this.taker = taker;
  }

  void give() {
    given = true;
    LockSupport.unpark(taker);
  }

  /** Waits for the turn, in the taker's thread, and takes it. */
  void take() {
    for (int i = 0; i < SPINS && !given; i++) {
      Thread.onSpinWait();
    }
    while (!given) {
      LockSupport.park(this);
    }
    given = false;
  }
}
