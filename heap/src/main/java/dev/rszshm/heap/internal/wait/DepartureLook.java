package dev.rszshm.heap.internal.wait;

/** Looks whether participants of a heap have gone. One thread uses it. */
public interface DepartureLook {
  /**
   * Returns whether any participant has died or detached since the last look; true at the first one
   * and after {@link #forget}, for nothing is known of the time before.
   *
   * @throws IllegalStateException if the heap is closed
   */
  boolean hasAnyoneGone();

  /** Forgets what was seen. */
  void forget();
}
