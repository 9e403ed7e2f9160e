package dev.rszshm.structures.codec;

import dev.rszshm.heap.errors.HeapException;

/**
 * Thrown when bytes are not those of an object that a codec has written, and when a codec writes
 * another number of bytes than it has said.
 */
public final class CodecException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Says what was found, what was expected and what to do. */
  public CodecException(String message) {
    super(message);
  }

  /** As {@link #CodecException(String)}, with a cause. */
  public CodecException(String message, Throwable cause) {
    super(message);
    initCause(cause);
  }
}
