package dev.rszshm.structures.channel;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.ring.Readiness;

/**
 * Something that a {@link Selector} waits for: a channel with a message, a request channel with a
 * request, a subscription with a message.
 */
public interface Selectable {
  /** Returns the heap in which it is. */
  Heap heap();

  /** Returns what a {@link Selector} looks at; it is of no use to others. */
  Readiness readiness();
}
