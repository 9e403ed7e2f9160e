package dev.rszshm.structures.queue.errors;

import dev.rszshm.heap.errors.HeapException;

/** What is in a queue, a deque or a log cannot be: somebody wrote where they should not. */
public final class DamagedQueueException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Makes an exception with a message for the user. */
  public DamagedQueueException(String message) {
    super(message);
  }
}
