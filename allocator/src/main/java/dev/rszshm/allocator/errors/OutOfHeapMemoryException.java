package dev.rszshm.allocator.errors;

import dev.rszshm.heap.errors.HeapException;

/** There is no room for a block: the span is used up, or the file system is full. */
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
      String message, long asked, long free, long largestFreeRun, Throwable cause) {
    super(message, cause);
    this.asked = asked;
    this.free = free;
    this.largestFreeRun = largestFreeRun;
  }

  /** Bytes that were asked for. */
  public long asked() {
    return asked;
  }

  /**
   * Bytes in empty chunks, those included that the heap can still grow by; if the file system is
   * full, in those that have memory.
   */
  public long free() {
    return free;
  }

  /** Bytes of the longest run of them. */
  public long largestFreeRun() {
    return largestFreeRun;
  }
}
