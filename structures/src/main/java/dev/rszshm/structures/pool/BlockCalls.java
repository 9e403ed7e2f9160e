package dev.rszshm.structures.pool;

import dev.rszshm.structures.internal.pool.TaskForm;
import dev.rszshm.structures.internal.pool.TaskRequest;
import dev.rszshm.sync.internal.WaitMode;
import java.util.concurrent.CompletableFuture;

/**
 * Calls of one {@link BlockTask} of a pool, from {@link WorkerPool#blockCalls}; as {@link
 * TaskCalls}, with arguments and results that are bytes of the heap.
 *
 * <p>The argument stays the caller's, and must stay as it is until the task is over. A task that
 * was cancelled, or whose time is over, may read it until its worker has noticed.
 */
public final class BlockCalls {
  private final ClientTasks tasks;
  private final long name;
  private final TaskOptions options;

  BlockCalls(ClientTasks tasks, long name, TaskOptions options) {
    this.tasks = tasks;
    this.name = name;
    this.options = options;
  }

  private TaskRequest request(long offset, long length) {
    tasks.heap().checkReadable(offset, length);
    return TaskRequest.inPlace(name, options.isRepeated(), TaskForm.BLOCK, offset, length);
  }

  private CompletableFuture<BlockResult> submit(TaskRequest request, boolean isOpen)
      throws InterruptedException {
    PendingTask.Reader<BlockResult> reader =
        (outcome, task) -> {
          boolean keeps = isOpen && outcome.length() > 0;
          if (!keeps) {
            task.release();
          }
          return new BlockResult(task, outcome.offset(), outcome.length(), keeps);
        };
    return tasks.submit(request, reader, options.timeout(), WaitMode.INTERRUPTIBLE).orElseThrow();
  }

  /**
   * Asks for a task, and waits while the queue is full.
   *
   * @param offset where the argument lies in the heap
   * @param length its length in bytes
   */
  public CompletableFuture<BlockResult> submit(long offset, long length)
      throws InterruptedException {
    return submit(request(offset, length), true);
  }

  /**
   * Asks for a task whose result goes to a slot of the caller, exactly once: when the future is
   * done, the block is there and the caller's, whatever has died meanwhile. It is there also if the
   * caller dies, and finds it when it comes again.
   *
   * <p>If the future has failed, by whatever, cancelled or out of time, nothing goes to the slot
   * any more. If the slot is not empty when the task is done, because the caller or another task
   * has put a block there, that block stays, the future fails with an {@link
   * IllegalStateException}, and the result is freed: of two tasks for the same slot at once, the
   * second that is done fails, unless the slot was emptied in between.
   *
   * @param slot the offset of an empty slot, see {@link
   *     dev.rszshm.allocator.Allocator#allocateInto(long, long)}
   * @throws IllegalArgumentException if the policy is not {@link TaskPolicy#EXACTLY_ONE_EFFECT}, or
   *     the slot is not empty
   */
  public CompletableFuture<BlockResult> submitInto(long slot, long offset, long length)
      throws InterruptedException {
    if (options.policy() != TaskPolicy.EXACTLY_ONE_EFFECT) {
      throw new IllegalArgumentException(
          "found the policy "
              + options.policy()
              + ", expected EXACTLY_ONE_EFFECT: a result that goes to a slot is there once");
    }
    if (tasks.queue().tables().allocator().get(slot) != 0) {
      throw new IllegalArgumentException(
          "the slot at offset " + slot + " is not empty: empty it, or name another");
    }
    return submit(request(offset, length).into(slot), false);
  }

  /** Asks for a task whose result nobody wants to know. Waits while the queue is full. */
  public void execute(long offset, long length) throws InterruptedException {
    tasks.execute(request(offset, length), WaitMode.INTERRUPTIBLE);
  }
}
