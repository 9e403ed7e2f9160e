package dev.rszshm.structures.codec;

import dev.rszshm.heap.errors.HeapException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when bytes are not those of an object that a codec has written, and when a codec writes
 * another number of bytes than it has said.
 *
 * <p>A method that takes an object out of a structure, or puts another in its place, has done so
 * when it throws this: the element is taken, the value replaced. Nobody else gets the bytes, and
 * nobody who takes meets them again. They are in {@link #takenBytes}. Of an entry that is taken as
 * a whole, the exception has the half that cannot be decoded, and one that is {@link
 * Throwable#getSuppressed suppressed} in it has the other. If the codec throws an {@link Error},
 * that is thrown, and this exception is suppressed in it.
 */
public final class CodecException extends HeapException {
  private static final long serialVersionUID = 1;

  private final byte @Nullable [] taken;

  /** Says what was found, what was expected and what to do. */
  public CodecException(String message) {
    super(message);
    this.taken = null;
  }

  /** As {@link #CodecException(String)}, with a cause. */
  public CodecException(String message, Throwable cause) {
    super(message);
    initCause(cause);
    this.taken = null;
  }

  /** As {@link #CodecException(String, Throwable)}, with bytes that were taken out. */
  public CodecException(String message, Throwable cause, byte[] taken) {
    super(message);
    initCause(cause);
    this.taken = taken.clone();
  }

  /**
   * Returns the bytes of the object that was taken out of a structure and could not be decoded;
   * empty if nothing was taken, and what could not be decoded is where it was.
   */
  public Optional<byte[]> takenBytes() {
    return taken == null ? Optional.empty() : Optional.of(taken.clone());
  }
}
