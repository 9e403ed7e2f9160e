package dev.rszshm.structures.pool;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Region;

/**
 * What a task knows while it runs. For the thread that runs it, and only that long: later every
 * method throws {@link IllegalStateException}.
 *
 * <p>What is allocated here belongs to the task. When it ends, however that is, all of it is freed
 * but the {@linkplain #setResult result}; if the worker dies, others free it.
 */
public interface TaskContext {
  /** Returns the heap. */
  Heap heap();

  /** Returns the allocator of the heap. What is allocated with it belongs to nobody. */
  Allocator allocator();

  /** Returns the bytes of the argument, in place. */
  Region argument();

  /** Returns the offset of the argument in the heap. */
  long argumentOffset();

  /** Returns the length of the argument in bytes. */
  long argumentLength();

  /**
   * Allocates a block of zeros that belongs to the task.
   *
   * @return its offset
   * @throws dev.rszshm.allocator.errors.OutOfHeapMemoryException if there is no room
   */
  long allocate(long size);

  /**
   * Frees a block of the task before it ends.
   *
   * @throws IllegalArgumentException if the block is none that the task has allocated here
   */
  void free(long block);

  /**
   * Names a part of a block as the result of a {@link BlockTask}: the block is the client's when
   * the task has ended without an exception. A second call names another one.
   *
   * @param block a block that the task has allocated here
   * @param begin where the result begins in the block
   * @param length length of the result in bytes
   * @throws IllegalArgumentException if the block is none of the task, or has no such part
   */
  void setResult(long block, long begin, long length);

  /** As {@link #setResult(long, long, long)}, from the beginning of the block. */
  default void setResult(long block, long length) {
    setResult(block, 0, length);
  }

  /**
   * Returns whether nobody wants the result any more: the task was cancelled, its time is over, or
   * the pool is stopped. The thread is interrupted then, within 50 ms.
   */
  boolean isCancelled();

  /** Returns how many workers have died before that ran this task, alone or beside others. */
  int deaths();
}
