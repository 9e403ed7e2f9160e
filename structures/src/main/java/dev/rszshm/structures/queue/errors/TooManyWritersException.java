package dev.rszshm.structures.queue.errors;

import dev.rszshm.heap.errors.HeapException;

/** As many threads as can are in the middle of writing an entry, and stand still there. */
public final class TooManyWritersException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Makes an exception with a message for the user. */
  public TooManyWritersException(String message) {
    super(message);
  }
}
