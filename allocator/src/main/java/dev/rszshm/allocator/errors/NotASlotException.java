package dev.rszshm.allocator.errors;

import dev.rszshm.heap.errors.HeapException;

/** What was named as a slot holds a word that no slot holds. Nothing was changed. */
public final class NotASlotException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Makes an exception with a message for the user. */
  public NotASlotException(String message) {
    super(message);
  }
}
