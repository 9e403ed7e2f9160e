package dev.rszshm.testkit.simulation;

/** The order of an access, from weak to strong; see {@link dev.rszshm.heap.spi.Memory}. */
enum Order {
  PLAIN,
  OPAQUE,
  /** Acquire for a load, release for a store. */
  SYNCHRONIZED,
  VOLATILE;

  boolean atLeast(Order other) {
    return compareTo(other) >= 0;
  }
}
