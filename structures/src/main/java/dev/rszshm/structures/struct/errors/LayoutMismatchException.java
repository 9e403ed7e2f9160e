package dev.rszshm.structures.struct.errors;

import dev.rszshm.heap.errors.HeapException;

/**
 * Processes have declared different layouts by the same name. The message names the first field.
 */
public final class LayoutMismatchException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Makes an exception with a message for the user. */
  public LayoutMismatchException(String message) {
    super(message);
  }
}
