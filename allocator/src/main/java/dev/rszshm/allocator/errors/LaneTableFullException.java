package dev.rszshm.allocator.errors;

import dev.rszshm.heap.errors.HeapException;

/**
 * Thrown when more threads allocate at once, in all processes together, than the heap has lanes.
 */
public final class LaneTableFullException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Makes an exception with a message for the user. */
  public LaneTableFullException(String message) {
    super(message);
  }
}
