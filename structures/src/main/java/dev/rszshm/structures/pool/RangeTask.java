package dev.rszshm.structures.pool;

/** A task for a part of a range, as of a file or an array that workers fill together. */
public interface RangeTask extends PoolTask {
  /**
   * Does the work for a part of the range. May be called by several threads at once, for other
   * parts; if a worker dies, another one does the same part again.
   *
   * @param from the first number
   * @param to the number behind the last
   * @throws Exception if it cannot be done: the client gets its type, message and stack as a {@link
   *     dev.rszshm.structures.pool.errors.TaskException}
   */
  void run(long from, long to, TaskContext context) throws Exception;
}
