package dev.rszshm.structures.object.errors;

import dev.rszshm.heap.errors.HeapException;

/** What is stored was written by another codec. */
public final class ForeignObjectException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Says what was found, what was expected and what to do. */
  public ForeignObjectException(String message) {
    super(message);
  }
}
