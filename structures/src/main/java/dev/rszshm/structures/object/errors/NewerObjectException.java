package dev.rszshm.structures.object.errors;

import dev.rszshm.heap.errors.HeapException;

/** What is stored was written by a newer version of the codec. */
public final class NewerObjectException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Says what was found, what was expected and what to do. */
  public NewerObjectException(String message) {
    super(message);
  }
}
