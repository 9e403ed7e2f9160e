package dev.rszshm.heap.internal.wait;

import java.util.concurrent.locks.LockSupport;

/** A virtual thread that is parked until one of some words does not hold its value any more. */
final class Parked {
  final Thread thread;
  final long[] addresses;
  private final int[] values;

  /** Whether it is to go on, and stands in no queue any more. */
  volatile boolean woken;

  Parked(Thread thread, long[] addresses, int[] values) {
    this.thread = thread;
    this.addresses = addresses;
    this.values = values;
  }

  /** Whether it waits for a word to hold another value than this. */
  boolean isStale(long address, int value) {
    boolean stale = false;
    for (int i = 0; i < addresses.length && !stale; i++) {
      stale = addresses[i] == address && values[i] != value;
    }
    return stale;
  }

  void wake() {
    woken = true;
    LockSupport.unpark(thread);
  }
}
