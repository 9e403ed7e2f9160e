package dev.rszshm.structures.internal.pool;

import dev.rszshm.heap.Heap;
import java.util.Optional;

/**
 * How a task has ended.
 *
 * @param failure why there is no result; empty if there is one
 * @param offset where the result, or the text of the failure, lies in the heap, until the task is
 *     released; if it was put into the caller's slot, until that is changed
 * @param length its length in bytes
 * @param deaths how many workers have died of the task
 * @param lastDead tag of the worker that died last; 0 if none
 */
public record TaskOutcome(
    Optional<Failure> failure, long offset, long length, int deaths, int lastDead) {

  static TaskOutcome of(PoolTables tables, int slot) {
    Heap heap = tables.heap;
    long task = tables.task(slot);
    long word = tables.word(slot);
    long deaths = heap.getLongVolatile(task + TaskLayout.DEATHS);
    int number = TaskLayout.deaths(deaths);
    int dead = TaskLayout.lastDead(deaths);
    boolean done = TaskLayout.state(word) == TaskLayout.DONE;
    Optional<Failure> failure =
        done ? Optional.empty() : Optional.of(Failure.of(TaskLayout.tag(word)));
    if (!done && failure.get() != Failure.THROWN) {
      return new TaskOutcome(failure, 0, 0, number, dead);
    }
    long length = heap.getLong(task + TaskLayout.RESULT_LENGTH);
    long begin = heap.getLong(task + TaskLayout.RESULT_BEGIN);
    if (begin < 0) {
      requireLength(tables, task, length, TaskLayout.MAX_SHORT_RESULT);
      return new TaskOutcome(failure, task + TaskLayout.SHORT_RESULT, length, number, dead);
    }
    long destination = done ? heap.getLong(task + TaskLayout.DESTINATION) : 0;
    long block = tables.allocator.get(destination == 0 ? task + TaskLayout.RESULT : destination);
    if (block == 0) {
      return new TaskOutcome(failure, 0, 0, number, dead); // the caller has taken it already
    }
    requireLength(tables, task, begin, Long.MAX_VALUE - length);
    requireLength(tables, task, begin + length, tables.allocator.usableSize(block));
    return new TaskOutcome(failure, block + begin, length, number, dead);
  }

  private static void requireLength(PoolTables tables, long task, long length, long most) {
    if (length < 0 || length > most) {
      throw tables.damaged(
          task + TaskLayout.RESULT_LENGTH, length, "a length of at most " + most + " bytes");
    }
  }
}
