package dev.rszshm.structures.internal.pool;

import dev.rszshm.heap.Heap;
import java.util.Optional;

/**
 * How a task has ended.
 *
 * @param failure why there is no result; empty if there is one
 * @param offset where the result, or the text of the failure, lies in the heap, until the task is
 *     released; if it was put into the caller's slot, until that is changed; if that was not empty,
 *     the offset of the slot
 * @param length its length in bytes
 * @param deaths how many workers have died that ran the task
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
    if (!done && failure.get() == Failure.SLOT_TAKEN) {
      long slotTaken = heap.getLong(task + TaskLayout.DESTINATION);
      return new TaskOutcome(failure, slotTaken, 0, number, dead);
    }
    if (!done && failure.get() != Failure.THROWN) {
      return new TaskOutcome(failure, 0, 0, number, dead);
    }
    long length = heap.getLong(task + TaskLayout.RESULT_LENGTH);
    long offset = heap.getLong(task + TaskLayout.RESULT_OFFSET);
    if (offset == 0) {
      requireLength(tables, task, length, TaskLayout.MAX_SHORT_RESULT);
      return new TaskOutcome(failure, task + TaskLayout.SHORT_RESULT, length, number, dead);
    }
    if (done && heap.getLong(task + TaskLayout.DESTINATION) != 0) {
      requirePart(tables, task, offset, length, 0, heap.length());
      return new TaskOutcome(failure, offset, length, number, dead);
    }
    long block = tables.allocator.get(task + TaskLayout.RESULT);
    if (block == 0) {
      return new TaskOutcome(failure, 0, 0, number, dead); // the caller has taken it already
    }
    requirePart(tables, task, offset, length, block, tables.allocator.usableSize(block));
    return new TaskOutcome(failure, offset, length, number, dead);
  }

  private static void requirePart(
      PoolTables tables, long task, long offset, long length, long whole, long size) {
    if (offset < whole || offset - whole > size) {
      throw tables.damaged(
          task + TaskLayout.RESULT_OFFSET,
          offset,
          "an offset in the " + size + " bytes from " + whole + " on");
    }
    requireLength(tables, task, length, size - (offset - whole));
  }

  private static void requireLength(PoolTables tables, long task, long length, long most) {
    if (length < 0 || length > most) {
      throw tables.damaged(
          task + TaskLayout.RESULT_LENGTH, length, "a length of at most " + most + " bytes");
    }
  }
}
