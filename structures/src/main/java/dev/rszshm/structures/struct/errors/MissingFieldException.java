package dev.rszshm.structures.struct.errors;

import dev.rszshm.heap.errors.HeapException;

/** A struct was made by an older program, which did not know this field. */
public final class MissingFieldException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Makes an exception with a message for the user. */
  public MissingFieldException(String message) {
    super(message);
  }
}
