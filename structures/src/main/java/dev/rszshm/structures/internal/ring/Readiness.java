package dev.rszshm.structures.internal.ring;

import dev.rszshm.sync.EventCount;

/** How somebody who waits for several structures at once learns that one of them is ready. */
public interface Readiness {
  /** Returns what is signalled when there may be something to receive. */
  EventCount event();

  /** Says whether something can be received now, and receives nothing. */
  Outcome look();

  /** Returns the arrivals of those at the other end if all of them have gone; otherwise 0. */
  default long departed() {
    return 0;
  }

  /** Counts this process among those who wait, or not any more. */
  default void waiting(boolean begins) {}
}
