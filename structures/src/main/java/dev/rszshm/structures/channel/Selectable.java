package dev.rszshm.structures.channel;

import dev.rszshm.heap.Heap;

/**
 * Something that a {@link Selector} waits for: a {@link Channel} with a message, a {@link
 * dev.rszshm.structures.request.RequestChannel} with a request, a {@link
 * dev.rszshm.structures.topic.Subscription} with a message. There are no others.
 */
public interface Selectable {
  /** Returns the heap in which it is. */
  Heap heap();
}
