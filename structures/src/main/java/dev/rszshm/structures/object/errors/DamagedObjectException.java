package dev.rszshm.structures.object.errors;

import dev.rszshm.heap.errors.HeapException;

/**
 * The bytes of an object are not those that were written, or there is no object where one is looked
 * for.
 */
public final class DamagedObjectException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Says what was found, what was expected and what to do. */
  public DamagedObjectException(String message) {
    super(message);
  }
}
