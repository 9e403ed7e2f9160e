package dev.rszshm.testkit.simulation;

import java.util.concurrent.locks.LockSupport;

/**
 * Lets one thread wait until another gives it the turn; a turn that was given waits for its taker.
 * It does not spin: whoever gives the turn stops soon, and its processor is free for the taker.
 */
final class Turn {
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
    while (!given) {
      LockSupport.park(this);
    }
    given = false;
  }

  /** Waits for the turn for so long at most; returns whether it has taken it. */
  boolean take(long nanos) {
    if (nanos == Long.MAX_VALUE) {
      take();
      return true;
    }
    long begin = System.nanoTime();
    while (!given) {
      long left = nanos - (System.nanoTime() - begin);
      if (left <= 0) {
        return false;
      }
      LockSupport.parkNanos(this, left);
    }
    given = false;
    return true;
  }
}
