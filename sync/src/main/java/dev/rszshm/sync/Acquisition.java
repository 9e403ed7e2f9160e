package dev.rszshm.sync;

/** How an attempt to get a lock ended. */
public enum Acquisition {
  /** The lock is held, and what it protects is as the last holder left it. */
  CONSISTENT,
  /**
   * The lock is held, and a holder died with it: what it protects may be half changed. Repair it,
   * and call {@link RobustLock#markConsistent}; a release without that makes the lock unusable.
   */
  OWNER_DIED,
  /** The lock is not held: the time was over. */
  NOT_ACQUIRED
}
