package dev.rszshm.structures.queue.errors;

import dev.rszshm.heap.errors.HeapException;

/** At a place is no queue, deque or log of the kind that was asked for. */
public final class NotAQueueException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Makes an exception with a message for the user. */
  public NotAQueueException(String message) {
    super(message);
  }
}
