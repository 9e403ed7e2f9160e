package dev.rszshm.allocator.errors;

import dev.rszshm.heap.errors.HeapException;

/** Too many threads of too many processes allocate at once. */
public final class LaneTableFullException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Makes an exception with a message for the user. */
  public LaneTableFullException(String message) {
    super(message);
  }
}
