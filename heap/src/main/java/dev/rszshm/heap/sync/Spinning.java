package dev.rszshm.heap.sync;

import dev.rszshm.heap.Heap;

/** How long it pays to look at a word again before sleeping: about as long as a wake-up takes. */
final class Spinning {
  private static final int TIMES = Integer.getInteger("dev.rszshm.spins", 200);

  private Spinning() {}

  /** How often to look: never where no other thread can run meanwhile. */
  static int times(Heap heap) {
    return heap.processors() > 1 ? TIMES : 0;
  }
}
