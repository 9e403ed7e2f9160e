package dev.rszshm.structures.errors;

import dev.rszshm.heap.errors.HeapException;

/**
 * Thrown when a structure holds what another codec has written than the caller's, or a version of
 * it that the caller's does not read. Nothing was read, and nothing was changed.
 *
 * <p>The message names the structure and says whether its keys, values, elements or entries are
 * meant, which format was found, which one was expected, and what to do.
 */
public final class CodecMismatchException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Says what was found, what was expected and what to do. */
  public CodecMismatchException(String message) {
    super(message);
  }
}
