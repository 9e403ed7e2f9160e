package dev.rszshm.structures.struct.errors;

import dev.rszshm.heap.errors.HeapException;

/** A stored layout, or the header of a struct, holds what no correct program has written. */
public final class DamagedStructException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Makes an exception with a message for the user. */
  public DamagedStructException(String message) {
    super(message);
  }
}
