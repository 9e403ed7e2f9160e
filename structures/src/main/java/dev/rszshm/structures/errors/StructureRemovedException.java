package dev.rszshm.structures.errors;

import dev.rszshm.heap.errors.HeapException;

/** Thrown when a structure is used that somebody, of any process, has removed meanwhile. */
public final class StructureRemovedException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Says which structure it was, what was found in its place, and what to do. */
  public StructureRemovedException(String message) {
    super(message);
  }
}
