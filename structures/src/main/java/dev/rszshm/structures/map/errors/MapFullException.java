package dev.rszshm.structures.map.errors;

import dev.rszshm.heap.errors.HeapException;

/** A map has as many entries as it was made for. */
public final class MapFullException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Makes an exception with a message for the user. */
  public MapFullException(String message) {
    super(message);
  }
}
