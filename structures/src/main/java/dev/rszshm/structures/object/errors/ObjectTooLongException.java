package dev.rszshm.structures.object.errors;

import dev.rszshm.heap.errors.HeapException;

/** An object takes more bytes than its place has. Nothing was changed. */
public final class ObjectTooLongException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Says what was found, what was expected and what to do. */
  public ObjectTooLongException(String message) {
    super(message);
  }
}
