package dev.rszshm.structures.pool;

import dev.rszshm.heap.Region;

/**
 * The result of a {@link BlockTask}: a part of a block in the heap. It takes a place in the queue
 * of its pool until it is closed or {@linkplain #moveTo moved}; if this process dies, the block is
 * freed. One that went to a slot of the caller is there, and {@link #close} does nothing.
 */
public final class BlockResult implements AutoCloseable {
  private final PendingTask<?> task;
  private final long offset;
  private final long length;
  private boolean isOpen;

  BlockResult(PendingTask<?> task, long offset, long length, boolean isOpen) {
    this.task = task;
    this.offset = offset;
    this.length = length;
    this.isOpen = isOpen;
  }

  /** Returns where the result begins in the heap. */
  public long offset() {
    return offset;
  }

  /** Returns its length in bytes; 0 if the task has named none. */
  public long length() {
    return length;
  }

  /**
   * Returns its bytes, in place, until it is closed.
   *
   * @throws IllegalStateException if it is closed
   */
  public synchronized Region region() {
    if (!isOpen) {
      throw new IllegalStateException("the result is closed: its block may be another's");
    }
    return task.heap().region(offset, length);
  }

  /**
   * Moves the block to an empty slot of the caller, where it stays, and closes this.
   *
   * @return whether it was moved: whether there is a block, and the slot was empty
   */
  public synchronized boolean moveTo(long slot) {
    if (!isOpen || !task.moveResult(slot)) {
      return false;
    }
    close();
    return true;
  }

  /** Frees the block, unless it was moved. Has no effect if it is closed. */
  @Override
  public synchronized void close() {
    if (isOpen) {
      isOpen = false;
      task.release();
    }
  }
}
