package dev.rszshm.allocator.errors;

import dev.rszshm.heap.errors.HeapException;
import org.jspecify.annotations.Nullable;

/** Thrown when there is no room for a block: the span is used up, or the file system is full. */
public final class OutOfHeapMemoryException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Bytes that were asked for. */
  private final long asked;

  /** Bytes that are free. */
  private final long free;

  /** Bytes of the largest free run. */
  private final long largestFreeRun;

  /** Makes an exception with a message for the user. */
  public OutOfHeapMemoryException(
      String message, long asked, long free, long largestFreeRun, @Nullable Throwable cause) {
    super(message, cause);
    this.asked = asked;
    this.free = free;
    this.largestFreeRun = largestFreeRun;
  }

  /** Returns the number of bytes that were asked for. */
  public long asked() {
    return asked;
  }

  /**
   * Returns the number of bytes in empty chunks, including those that the heap can still grow by.
   * If the file system is full, only those count that have memory.
   */
  public long free() {
    return free;
  }

  /** Returns the number of bytes in the longest run of such chunks. */
  public long largestFreeRun() {
    return largestFreeRun;
  }
}
