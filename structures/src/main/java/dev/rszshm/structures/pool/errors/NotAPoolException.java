package dev.rszshm.structures.pool.errors;

import dev.rszshm.heap.errors.HeapException;

/**
 * Thrown when a name stands for no pool, or for one that was made otherwise than a {@link
 * dev.rszshm.structures.pool.PoolSpec} asks for. Nothing was changed.
 *
 * <p>The message says what was found there, what was expected, which pools there are if the name is
 * wrong, and which methods of the specification differ if that is.
 */
public final class NotAPoolException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Says what was found, what was expected and what to do. */
  public NotAPoolException(String message) {
    super(message);
  }
}
