package dev.rszshm.structures.pool;

/**
 * A task that works in the heap itself: its argument is some bytes of the heap, and its result a
 * block that it has allocated, or nothing. Nothing is copied.
 */
public interface BlockTask extends PoolTask {
  /**
   * Does the work: reads {@link TaskContext#argument}, and may {@link TaskContext#allocate} and
   * name a block as its {@link TaskContext#setResult result}. May be called by several threads at
   * once.
   *
   * @throws Exception if there is no result: the client gets its type, message and stack as a
   *     {@link dev.rszshm.structures.pool.errors.TaskException}
   */
  void run(TaskContext context) throws Exception;
}
