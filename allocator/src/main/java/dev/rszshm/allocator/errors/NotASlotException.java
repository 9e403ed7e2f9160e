package dev.rszshm.allocator.errors;

import dev.rszshm.heap.errors.HeapException;

/** Thrown when a word that is used as a slot holds what no slot can hold. Nothing was changed. */
public final class NotASlotException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Makes an exception with a message for the user. */
  public NotASlotException(String message) {
    super(message);
  }
}
