package dev.rszshm.heap.internal.attach;

/** What makes a complete heap visible to others. */
interface Publication {
  /** For a heap that is visible already. */
  Publication NONE = descriptor -> {};

  void publish(int descriptor);

  /** Takes back what was made visible, because it cannot be used after all. */
  default void withdraw() {}
}
